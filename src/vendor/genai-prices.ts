export { calcPrice } from '@pydantic/genai-prices';
