/**
 * The product's own copy of the OpenTelemetry API. The build gives it a global of its own (see
 * scripts/build.mjs), so that our provider, context and propagator, and those of every bundled OpenTelemetry
 * instrumentation, can never collide with what the app registers. The way to the app's own copies is
 * instruments/opentelemetry-api.ts.
 */
export * from '@opentelemetry/api';
