export {
  followed,
  followIterator,
  followWhenAsked,
  type IterationObserver,
  printAs,
  standIn,
} from '../../telemetry/follow';
