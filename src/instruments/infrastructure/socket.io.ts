import { SocketIoInstrumentation } from '@opentelemetry/instrumentation-socket.io';
import { instrumentation } from './instrumentation';

export const instrument = instrumentation('socket_io', () => new SocketIoInstrumentation());
