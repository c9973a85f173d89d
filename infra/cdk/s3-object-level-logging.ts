import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as config from 'aws-cdk-lib/aws-config';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface S3ObjectLevelLoggingProps {
  /** The path of bootstrap.zip. */
  readonly code: string;
  /** What bootstrap.zip was built for. */
  readonly architecture?: lambda.Architecture;
  /** Which events must be recorded: a rule for each. */
  readonly kinds?: ('write' | 'read')[];
  /** Other parameters of the rules, such as `TrailMode`, which docs/rule.md explains. */
  readonly parameters?: { [name: string]: string };
  /** How often the rules are evaluated. */
  readonly frequency?: config.MaximumExecutionFrequency;
  /** A role that may read the organization trail's selectors. */
  readonly organizationTrailRoleArn?: string;
}

const RULES = {
  write: {
    id: 'WriteRule',
    name: 'cis-3-8-s3-object-level-write-logging',
    controls: 'CIS AWS Foundations Benchmark 7.0.0: 4.8. AWS Security Hub CSPM: S3.22.',
  },
  read: {
    id: 'ReadRule',
    name: 'cis-3-9-s3-object-level-read-logging',
    controls: 'CIS AWS Foundations Benchmark 7.0.0: 4.9. AWS Security Hub CSPM: S3.23.',
  },
};

/** The function and its rules, as templates/rule.yaml has them. */
export class S3ObjectLevelLogging extends Construct {
  /** What failed with all its retries. */
  readonly failedEvents: sqs.Queue;
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: S3ObjectLevelLoggingProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const log = new logs.LogGroup(this, 'Log', {
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // An event holds the token that lets its holder report a result, so the queue is encrypted.
    this.failedEvents = new sqs.Queue(this, 'FailedEvents', {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      retentionPeriod: Duration.days(14),
    });
    // The organization trail's role knows the function by this path.
    const role = new iam.Role(this, 'FunctionRole', {
      path: '/trailproof/',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    const allow = (action: string, ...resources: string[]) =>
      role.addToPolicy(new iam.PolicyStatement({ actions: [action], resources }));
    const trails = stack.formatArn({
      service: 'cloudtrail',
      region: '*',
      account: '*',
      resource: 'trail',
      resourceName: '*',
    });
    allow('logs:CreateLogStream', log.logGroupArn);
    allow('logs:PutLogEvents', log.logGroupArn);
    allow('cloudtrail:DescribeTrails', '*');
    allow('cloudtrail:GetTrailStatus', trails);
    allow('cloudtrail:GetEventSelectors', trails);
    allow('config:PutEvaluations', '*');
    if (props.parameters?.ReportOn === 'account+trails') {
      const rules = { service: 'config', region: '*', resource: 'config-rule', resourceName: '*' };
      allow('config:GetComplianceDetailsByConfigRule', stack.formatArn(rules));
    }
    if (props.parameters?.SecurityHub === 'asff') {
      const product = `${stack.account}/default`;
      const hub = { service: 'securityhub', region: '*', resource: 'product', resourceName: product };
      allow('securityhub:BatchImportFindings', stack.formatArn({ ...hub, arnFormat: ArnFormat.SLASH_RESOURCE_NAME }));
    }
    if (props.organizationTrailRoleArn) {
      allow('sts:AssumeRole', props.organizationTrailRoleArn);
    }
    this.function = new lambda.Function(this, 'Function', {
      description: 'Proves whether CloudTrail records every S3 object-level event',
      runtime: lambda.Runtime.PROVIDED_AL2023,
      architecture: props.architecture ?? lambda.Architecture.ARM_64,
      handler: 'bootstrap',
      code: lambda.Code.fromAsset(props.code),
      role: role.withoutPolicyUpdates(),
      memorySize: 256,
      timeout: Duration.seconds(120),
      environment: { TRAILPROOF_METRICS: 'success' },
      loggingFormat: lambda.LoggingFormat.JSON,
      logGroup: log,
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
      onFailure: new SqsDestination(this.failedEvents),
    });
    allow('sqs:SendMessage', this.failedEvents.queueArn);
    // config.CustomRule gives the function a managed policy that it does not need. AWS Config checks the
    // permission before it makes the rule, so only the account is named.
    const permission = new lambda.CfnPermission(this, 'Permission', {
      functionName: this.function.functionName,
      action: 'lambda:InvokeFunction',
      principal: 'config.amazonaws.com',
      sourceAccount: stack.account,
    });
    for (const kind of props.kinds ?? ['write']) {
      const { id, name, controls } = RULES[kind];
      const trailRole = props.organizationTrailRoleArn;
      const rule = new config.CfnConfigRule(this, id, {
        configRuleName: name,
        description: `Proves that CloudTrail records every S3 object-level ${kind} event, or names one that is lost. ${controls}`,
        inputParameters: {
          EventKinds: kind,
          ...props.parameters,
          ...(trailRole && { OrganizationTrailRoleArn: trailRole }),
        },
        source: {
          owner: 'CUSTOM_LAMBDA',
          sourceIdentifier: this.function.functionArn,
          sourceDetails: [
            {
              eventSource: 'aws.config',
              messageType: 'ScheduledNotification',
              maximumExecutionFrequency:
                props.frequency ?? config.MaximumExecutionFrequency.TWENTY_FOUR_HOURS,
            },
          ],
        },
      });
      rule.addResourceDependency(permission);
    }
  }
}
