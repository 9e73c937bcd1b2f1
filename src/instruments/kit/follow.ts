export {
  followed,
  followIterator,
  followWhenAsked,
  type IterationObserver,
  standIn,
} from '../../telemetry/follow';
