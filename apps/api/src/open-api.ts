import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, getSchemaPath, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { MetricPoint, ProblemDetails } from '@vw/shared-contracts';
import { declareRules } from './declared-rules';
import metadata from './metadata';

/** The document of every route, from the controllers' and contracts' own types and comments. */
export async function openApiDocument(app: NestFastifyApplication): Promise<OpenAPIObject> {
  await SwaggerModule.loadPluginMetadata(metadata);
  const config = new DocumentBuilder()
    .setTitle('VerifyWise MLflow integration')
    .setDescription('Keeps an AI governance inventory in step with an MLflow model registry.')
    .setVersion('1')
    .addCookieAuth('vw_session')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'vw_…' })
    .addGlobalResponse({
      status: 'default',
      description: 'Any error, with a closed `code`.',
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDetails) } } },
    })
    .build();
  const document = SwaggerModule.createDocument(app, config, { extraModels: [ProblemDetails, MetricPoint] });
  declareRules(document);
  return document;
}

/** `/api/openapi.json`, and a reader at `/api/docs`. */
export async function serveOpenApi(app: NestFastifyApplication): Promise<void> {
  SwaggerModule.setup('api/docs', app, await openApiDocument(app), {
    jsonDocumentUrl: 'api/openapi.json',
    useGlobalPrefix: false,
  });
}
