package io.weir.aws.ec2;

import io.weir.cloud.RequestMeter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Tells of each call: as the SDK repeats nothing, a call is one request. Its outcome is the status, or {@code timeout}, or {@code failed}. */
final class RequestCounter implements ExecutionInterceptor {
    private static final ExecutionAttribute<Instant> BEGUN = new ExecutionAttribute<>("weir-begun");

    private final RequestMeter meter;
    private final InstantSource wall;

    RequestCounter(RequestMeter meter, InstantSource wall) {
        this.meter = meter;
        this.wall = wall;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        attributes.putAttribute(BEGUN, wall.instant());
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        tell(attributes, String.valueOf(context.httpResponse().statusCode()));
    }

    @Override
    public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
        tell(attributes, outcome(context.exception()));
    }

    private static String outcome(Throwable failure) {
        if (failure instanceof SdkServiceException said) {
            return String.valueOf(said.statusCode());
        }
        return failure instanceof ApiCallTimeoutException || failure instanceof ApiCallAttemptTimeoutException
                ? "timeout"
                : "failed";
    }

    private void tell(ExecutionAttributes attributes, String outcome) {
        @Nullable Instant begun = attributes.getAttribute(BEGUN);
        Duration took = begun == null ? Duration.ZERO : Duration.between(begun, wall.instant());
        meter.requested(
                String.valueOf(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME)),
                outcome,
                took.isNegative() ? Duration.ZERO : took);
    }
}
