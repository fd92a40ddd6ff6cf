package io.weir.gce.compute;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpResponse;
import com.google.api.gax.rpc.ApiException;
import com.google.auth.Credentials;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;
import com.google.cloud.compute.v1.AggregatedListDisksRequest;
import com.google.cloud.compute.v1.AggregatedListInstancesRequest;
import com.google.cloud.compute.v1.GetRegionRequest;
import com.google.cloud.compute.v1.ListZoneOperationsRequest;
import com.google.cloud.compute.v1.Quota;
import com.google.cloud.compute.v1.Region;
import io.weir.cloud.Check;
import io.weir.driver.CloudException;
import io.weir.pool.FailureKind;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether this login could serve a pool: who it is, whether Compute Engine is reached and how far its clock is away, what may be read, and
 * what is left of the region's quotas. What changes something cannot be tried without effect: Compute Engine has no dry run.
 */
final class GcePreflight {
    private static final Set<String> QUOTAS =
            Set.of("CPUS", "INSTANCES", "IN_USE_ADDRESSES", "DISKS_TOTAL_GB", "SSD_TOTAL_GB", "PREEMPTIBLE_CPUS");
    private static final double NEARLY = 0.9;
    private static final URI COMPUTE = URI.create("https://compute.googleapis.com");

    private final SdkGceApi api;
    private final Login login;
    private final InstantSource wall;

    GcePreflight(SdkGceApi api, Login login, InstantSource wall) {
        this.api = api;
        this.login = login;
        this.wall = wall;
    }

    List<Check> check() {
        List<Check> checks = new ArrayList<>();
        checks.add(credentials());
        checks.add(clock());
        Optional<Region> region = region(checks);
        if (region.isEmpty()) {
            checks.add(Check.skipped("permissions", "Compute Engine did not answer"));
            checks.add(Check.skipped("quota", "Compute Engine did not answer"));
            return checks;
        }
        checks.add(read(
                "compute.instances.list",
                () -> api.instances(AggregatedListInstancesRequest.newBuilder()
                        .setProject(login.project())
                        .setMaxResults(1)
                        .build())));
        region.get().getZonesList().stream()
                .map(GceNames::last)
                .sorted()
                .findFirst()
                .ifPresent(zone -> checks.add(read(
                        "compute.zoneOperations.list",
                        () -> api.operations(ListZoneOperationsRequest.newBuilder()
                                .setProject(login.project())
                                .setZone(zone)
                                .setMaxResults(1)
                                .build()))));
        checks.add(read(
                "compute.disks.list",
                () -> api.disks(AggregatedListDisksRequest.newBuilder()
                        .setProject(login.project())
                        .setMaxResults(1)
                        .build())));
        checks.add(Check.skipped(
                "permissions to change",
                "Compute Engine has no dry run; docs/clouds/gce.md has the role that is needed"));
        checks.addAll(quotas(region.get()));
        return checks;
    }

    private Check credentials() {
        try {
            Credentials credentials = api.clients().credentials;
            credentials.getRequestMetadata(COMPUTE);
            return Check.good("credentials", who(credentials));
        } catch (ApiException none) {
            return Check.bad(
                    "credentials",
                    String.valueOf(GceFailures.ofRead(none).getMessage()),
                    "Give the connection credentials, or run gcloud auth application-default login.");
        } catch (IOException | RuntimeException refused) {
            return Check.bad(
                    "credentials",
                    "no token was given: " + refused.getMessage(),
                    "Check the key, the account that is impersonated, and this machine's clock.");
        }
    }

    /**
     * By the date of an answer. Google's client does not show it, so one request is made without it; and without credentials, since a clock
     * that is off may be why there are none.
     */
    private Check clock() {
        GenericUrl url = new GenericUrl(login.endpoints().compute().orElse(COMPUTE));
        url.setPathParts(List.of("", "compute", "v1", "projects", login.project(), "regions", login.region()));
        int bound = (int) login.answer().toMillis();
        try {
            Instant asked = wall.instant();
            HttpResponse answer = GceClients.transport(login.ca())
                    .createRequestFactory()
                    .buildGetRequest(url)
                    .setConnectTimeout(bound)
                    .setReadTimeout(bound)
                    .setNumberOfRetries(0)
                    .setFollowRedirects(false)
                    .setThrowExceptionOnExecuteError(false)
                    .execute();
            Instant ours = asked.plus(Duration.between(asked, wall.instant()).dividedBy(2));
            String date = answer.getHeaders().getDate();
            answer.disconnect();
            return date == null ? Check.skipped("clock", "the answer bears no date") : clock(date, ours);
        } catch (IOException unreached) {
            return Check.skipped("clock", "Compute Engine did not answer");
        }
    }

    private static Check clock(String date, Instant ours) {
        try {
            Instant theirs = DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
            return Check.clock(theirs, ours, "Google gives no token for what is signed at another time.");
        } catch (DateTimeParseException other) {
            return Check.skipped("clock", "the date of the answer is " + date);
        }
    }

    private static String who(Credentials credentials) {
        return switch (credentials) {
            case ServiceAccountCredentials account -> "a token for " + account.getClientEmail();
            case ImpersonatedCredentials as -> "a token for " + as.getAccount() + ", impersonated";
            case ComputeEngineCredentials server -> "a token of the metadata server";
            case UserCredentials user -> "a token for a user of gcloud";
            default -> "a token";
        };
    }

    private Optional<Region> region(List<Check> checks) {
        try {
            Region region = api.region(GetRegionRequest.newBuilder()
                    .setProject(login.project())
                    .setRegion(login.region())
                    .build());
            checks.add(Check.good(
                    "endpoint compute",
                    "answered; " + region.getName() + " is " + region.getStatus() + " and has " + region.getZonesCount()
                            + " zones"));
            return Optional.of(region);
        } catch (ApiException failure) {
            CloudException meaning = GceFailures.ofRead(failure);
            String text = String.valueOf(meaning.getMessage());
            boolean answered = meaning.kind() == FailureKind.UNAUTHORIZED || meaning.kind() == FailureKind.NOT_FOUND;
            checks.add(Check.bad(
                    answered ? "compute.regions.get" : "endpoint compute",
                    text,
                    answered
                            ? "Check project and region, that the API is enabled, and the role in docs/clouds/gce.md."
                            : "Check the endpoint, the proxy and the authorities in ca."));
            return Optional.empty();
        }
    }

    private static Check read(String permission, Runnable call) {
        try {
            call.run();
            return Check.good(permission, "allowed");
        } catch (ApiException failure) {
            CloudException meaning = GceFailures.ofRead(failure);
            String text = String.valueOf(meaning.getMessage());
            return meaning.kind() == FailureKind.UNAUTHORIZED
                    ? Check.bad(permission, text, "Allow it; docs/clouds/gce.md has the role.")
                    : Check.warning(permission, text, "Try again.");
        }
    }

    private static List<Check> quotas(Region region) {
        List<Check> checks = new ArrayList<>();
        for (Quota quota : region.getQuotasList()) {
            if (QUOTAS.contains(quota.getMetric())) {
                String name = "quota " + quota.getMetric();
                String text = (long) quota.getUsage() + " of " + (long) quota.getLimit() + " used";
                checks.add(
                        quota.getUsage() > quota.getLimit() * NEARLY
                                ? Check.warning(name, text, "Ask Google for more before a pool needs it.")
                                : Check.good(name, text));
            }
        }
        if (checks.isEmpty()) {
            checks.add(Check.skipped("quota", "the region shows none"));
        }
        return checks;
    }
}
