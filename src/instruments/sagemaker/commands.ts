import { jsonOf } from '../genai/bytes';
import { serverOf } from '../genai/providers';
import { asDict, asString, type Dict } from '../genai/read';
import type { ModelRequest, ModelResponse, Sender } from '../genai/types';
import type { SmithyOperation, SmithyService } from '../kit/smithy';
import { type BodyShape, bodyOf } from './body';
import { PayloadAccumulator } from './payload-stream';

/** Commands of `@aws-sdk/client-sagemaker-runtime`. */
export const commands: SmithyService['commands'] = {
  InvokeEndpointCommand: (input) => invokeEndpoint(input, shapeOf(input)),
  InvokeEndpointWithResponseStreamCommand: (input) => {
    const given = shapeOf(input);
    const operation = invokeEndpoint(input, given);
    return {
      ...operation,
      request: (asked, sender) => ({ ...operation.request(asked, sender), stream: true }),
      stream: ({ Body }) => Body,
      accumulator: (output) => new PayloadAccumulator(given.shape, extraOf(output)),
    };
  },
  InvokeEndpointAsyncCommand: () => ({
    spanSuffix: 'inference',
    request: (input, sender) => ({
      ...endpointRequest(input, sender),
      messages: locationMessage('user', input.InputLocation, input.ContentType),
    }),
    response: ({ InferenceId, OutputLocation }) => ({
      id: asString(InferenceId),
      messages: locationMessage('assistant', OutputLocation),
    }),
  }),
};

interface Given {
  body: unknown;
  shape: BodyShape;
}

function shapeOf({ Body }: Dict): Given {
  const body = jsonOf(Body);
  return { body, shape: bodyOf(body) };
}

function invokeEndpoint({ Body }: Dict, { body, shape }: Given): SmithyOperation {
  return {
    spanSuffix: shape.spanSuffix,
    request: (input, sender) => ({
      ...shape.request(asDict(input.Body === Body ? body : jsonOf(input.Body)) ?? {}, input),
      ...endpointRequest(input, sender),
      operation: shape.operation,
    }),
    response: (output): ModelResponse => {
      const response = shape.response(jsonOf(output.Body), output);
      return { ...response, extra: { ...response.extra, ...extraOf(output) } };
    },
  };
}

function endpointRequest(input: Dict, sender: Sender): ModelRequest {
  const endpoint = asString(input.EndpointName);
  const component = asString(input.InferenceComponentName);
  const server = serverOf(sender.baseURL);
  const session = asString(input.SessionId);
  return {
    operation: 'inference',
    provider: 'aws.sagemaker',
    // What the body calls the model ("tgi", a path) is the same for all of them.
    model: component ?? endpoint,
    serverAddress: server?.address,
    serverPort: server?.port,
    conversationId: session === 'NEW_SESSION' ? undefined : session,
    extra: {
      'aws.sagemaker.endpoint.name': endpoint,
      'aws.sagemaker.inference_component.name': component,
      'aws.sagemaker.target_model.name': asString(input.TargetModel),
    },
  };
}

function extraOf(output: Dict): ModelResponse['extra'] {
  return { 'aws.sagemaker.production_variant.name': asString(output.InvokedProductionVariant) };
}

function locationMessage(role: string, location: unknown, mime?: unknown) {
  if (typeof location !== 'string') return [];
  return [
    {
      role,
      parts: [
        {
          type: 'uri',
          modality: 'document',
          uri: location,
          ...(typeof mime === 'string' && { mime_type: mime }),
        },
      ],
    },
  ];
}
