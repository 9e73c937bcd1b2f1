export { parse } from 'dotenv';
