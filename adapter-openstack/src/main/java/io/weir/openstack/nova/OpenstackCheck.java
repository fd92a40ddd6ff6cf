package io.weir.openstack.nova;

import static io.weir.openstack.nova.Service.COMPUTE;
import static io.weir.openstack.nova.Service.IMAGE;
import static io.weir.openstack.nova.Service.NETWORK;
import static io.weir.openstack.nova.Service.VOLUME;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cloud.Check;
import io.weir.openstack.nova.NovaApi.Quota;
import io.weir.openstack.nova.NovaFailure.Fate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What {@code weir check} asks of an OpenStack. Nothing is changed: whether servers may be made is tried with a flavor that there is
 * not, which Nova looks for only after it looked at the permission.
 */
final class OpenstackCheck {
    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final String NO_FLAVOR = "weir-check-no-such-flavor";

    private final Supplier<OpenstackCalls> calls;
    private final Map<String, String> addresses;
    private final InstantSource wall;
    private final List<Check> lines = new ArrayList<>();

    OpenstackCheck(Supplier<OpenstackCalls> calls, Map<String, String> addresses, InstantSource wall) {
        this.calls = calls;
        this.addresses = addresses;
        this.wall = wall;
    }

    private interface Look {
        String text() throws NovaFailure;
    }

    synchronized List<Check> lines() {
        lines.clear();
        Optional<Login.Session> session = login();
        if (session.isEmpty()) {
            for (Service service : Service.values()) {
                lines.add(Check.skipped("endpoint " + service.word(), "there is no login"));
            }
            return List.copyOf(lines);
        }
        clock(session.get());
        endpoint(session.get(), COMPUTE, () -> {
            calls.get().get(COMPUTE, "/servers/detail").with("limit", "1").page("servers");
            return "answers, and speaks version 2.69";
        });
        endpoint(
                session.get(),
                NETWORK,
                () -> calls.get()
                                .get(NETWORK, "/networks")
                                .with("fields", "id")
                                .rows("networks")
                                .size()
                        + " networks");
        endpoint(session.get(), IMAGE, () -> {
            calls.get().get(IMAGE, "/images").with("limit", "1").page("images");
            return "answers";
        });
        boolean volumes = addresses.containsKey(VOLUME.word())
                || session.get().address(VOLUME).isPresent();
        if (volumes) {
            endpoint(
                    session.get(),
                    VOLUME,
                    () -> calls.get().get(VOLUME, "/types").rows("volume_types").size() + " volume types");
        } else {
            lines.add(Check.skipped(
                    "endpoint " + VOLUME.word(), "the catalog has none: pools with volumes cannot be served"));
        }
        mayLaunch();
        NovaApi api = new OpenstackNovaApi(calls.get());
        quotas("compute", api::serverQuotas);
        quotas("network", api::networkQuotas);
        if (volumes) {
            quotas("volume", api::volumeQuotas);
        }
        return List.copyOf(lines);
    }

    private Optional<Login.Session> login() {
        try {
            Login.Session session = calls.get().session();
            Account account = session.account();
            lines.add(Check.good("endpoint identity", account.authUrl() + " answers"));
            lines.add(Check.good(
                    "credentials",
                    "logged in to project "
                            + (session.token().getProject() == null
                                    ? "?"
                                    : session.token().getProject().getName())
                            + " by " + account.proof().getClass().getSimpleName()));
            return Optional.of(session);
        } catch (NovaFailure failure) {
            boolean refused = failure.fate() == Fate.REFUSED;
            lines.add(
                    refused
                            ? Check.good("endpoint identity", "answers")
                            : Check.bad(
                                    "endpoint identity",
                                    failure.text(),
                                    "Look at the address of Keystone, at the network between, and at ca if it is"
                                            + " TLS."));
            lines.add(
                    refused
                            ? Check.bad("credentials", failure.text(), "Look at user, project, domains and secret.")
                            : Check.skipped("credentials", "Keystone was not reached"));
            return Optional.empty();
        }
    }

    /** By the time that Keystone wrote on the token; the way here is a part of the difference. */
    private void clock(Login.Session session) {
        if (session.token().getIssuedAt() == null) {
            lines.add(Check.skipped("clock", "Keystone does not say when it made the token"));
            return;
        }
        Instant theirs = session.token().getIssuedAt().toInstant();
        Duration age = Duration.between(theirs, wall.instant());
        boolean sane = age.compareTo(SKEW.negated()) > 0 && age.compareTo(Duration.ofHours(24)) < 0;
        lines.add(
                sane
                        ? Check.good(
                                "clock", "the token was made " + age.toSeconds() + " s ago by this machine's clock")
                        : Check.warning(
                                "clock",
                                "the token was made " + age.toSeconds() + " s ago by this machine's clock",
                                "Set this machine's clock, by NTP for instance."));
    }

    private void endpoint(Login.Session session, Service service, Look look) {
        String name = "endpoint " + service.word();
        String address =
                addresses.getOrDefault(service.word(), session.address(service).orElse("not in the catalog"));
        try {
            lines.add(Check.good(name, address + ": " + look.text()));
        } catch (NovaFailure failure) {
            lines.add(Check.bad(
                    name,
                    address + ": " + failure.text(),
                    failure.status() == 406
                            ? "Nova is older than its version Stein of 2019; it cannot be served."
                            : failure.status() == 403
                                    ? "Give the user a role that may read here."
                                    : "Look at region, interface and the network between; endpoints in the connection"
                                            + " take the place of the catalog's."));
        }
    }

    private void mayLaunch() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode server = body.putObject("server");
        server.put("name", "weir-check");
        server.put("flavorRef", NO_FLAVOR);
        server.put("imageRef", "00000000-0000-0000-0000-000000000000");
        server.put("networks", "none");
        try {
            JsonNode made = calls.get().post(COMPUTE, "/servers").body(body).object();
            lines.add(Check.bad(
                    "permission to launch",
                    "Nova made a server of a flavor that there is not: "
                            + made.path("server").path("id").asText(),
                    "Delete it; this is no Nova that can be trusted."));
        } catch (NovaFailure failure) {
            lines.add(
                    failure.status() == 400
                            ? Check.good("permission to launch", "granted")
                            : Check.bad(
                                    "permission to launch",
                                    failure.text(),
                                    "Give the user a role that may make servers, member for instance."));
        }
    }

    private interface Asking {
        List<Quota> quotas() throws NovaFailure;
    }

    private void quotas(String of, Asking asking) {
        try {
            for (Quota quota : asking.quotas()) {
                String text = quota.isLimited()
                        ? quota.left() + " left of " + quota.limit()
                        : "no limit, " + quota.used() + " used";
                lines.add(
                        quota.isLimited() && quota.left() == 0
                                ? Check.warning(
                                        "quota " + quota.name(),
                                        text,
                                        "Free some, or ask for more: nothing can be launched.")
                                : Check.good("quota " + quota.name(), text));
            }
        } catch (NovaFailure failure) {
            lines.add(Check.skipped("quotas " + of, failure.text()));
        }
    }
}
