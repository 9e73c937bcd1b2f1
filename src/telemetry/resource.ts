import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { Config } from '../config/resolve';

declare const __VERSION__: string;

/** Who sends the spans. Host, process and OS details are left out: they drown the platform's metadata. */
export function createResource(config: Config): Resource {
  return resourceFromAttributes({
    'telemetry.distro.name': 'respan',
    'telemetry.distro.version': __VERSION__,
    'telemetry.sdk.language': 'nodejs',
    ...config.resourceAttributes,
    'service.name': config.appName,
  });
}

/** A resource that is what `current` says at any time: code may name the app after the first span was made. */
export function liveResource(current: () => Resource): Resource {
  return new Proxy(current(), {
    get(_first, name) {
      const resource = current();
      const value: unknown = Reflect.get(resource, name, resource);
      return typeof value === 'function' ? value.bind(resource) : value;
    },
  });
}
