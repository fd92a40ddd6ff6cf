package io.weir.gce.compute;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.gax.httpjson.HttpJsonStatusCode;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.ApiExceptionFactory;
import com.google.api.gax.rpc.StatusCode;
import io.weir.driver.CloudException;
import io.weir.pool.FailureKind;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What no answer over the wire can bring about; the rest is in {@link GceWireTest}. */
class GceFailuresTest {
    @Test
    void an_error_in_the_client_is_told_by_its_name_and_a_change_that_it_broke_is_in_doubt() {
        for (Error error : List.of(new NoClassDefFoundError("org/example/Missing"), new OutOfMemoryError("heap"))) {
            ApiException wrapped = ApiExceptionFactory.createException(
                    new IllegalStateException(error), HttpJsonStatusCode.of(StatusCode.Code.UNKNOWN), false);

            CloudException change = GceFailures.ofLaunch(wrapped, UnaryOperator.identity());
            assertThat(change.kind()).isEqualTo(FailureKind.UNKNOWN);
            assertThat(change).hasMessage(error.getClass().getSimpleName() + ": " + error.getMessage());
            assertThat(GceFailures.ofRead(wrapped).kind()).isEqualTo(FailureKind.UNAVAILABLE);
        }
    }
}
