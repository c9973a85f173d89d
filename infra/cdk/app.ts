import { App, Stack } from 'aws-cdk-lib';
import { S3ObjectLevelLogging } from './s3-object-level-logging.js';

const app = new App();
const stack = new Stack(app, 'S3ObjectLevelLogging');
new S3ObjectLevelLogging(stack, 'Rules', {
  code: app.node.getContext('code'),
  kinds: ['write', 'read'],
  parameters: { ReportOn: 'account+trails', SecurityHub: 'asff' },
  organizationTrailRoleArn: app.node.tryGetContext('organizationTrailRoleArn'),
});
app.synth();
