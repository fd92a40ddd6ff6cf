package io.weir.openstack.recorded;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.openstack.recorded.Wire.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keystone: who somebody is, for how long, and where everything is. */
final class IdentityScenarios {
    private static final Map<String, String> DOMAIN = Map.of("name", "Default");
    private static final Map<String, String> NOBODY = Map.of();

    private IdentityScenarios() {}

    static Map<String, Scenario> all() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        all.put("identity-login", IdentityScenarios::login);
        all.put("identity-tokens", IdentityScenarios::tokens);
        all.put("identity-application-credentials", IdentityScenarios::applicationCredentials);
        return all;
    }

    private static void login(Wire wire) {
        Access.Person me = wire.access().user();
        String user = wire.session().user();
        String project = wire.session().project();
        wire.record("the version", "identity", "GET", "", null, null, NOBODY);
        login(wire, "by names", Wire.passwordLogin(me.name(), me.password(), me.project()));
        login(
                wire,
                "by ids",
                auth(
                        password(Map.of("id", user, "password", me.password())),
                        Map.of("project", Map.of("id", project))));
        login(
                wire,
                "without a scope",
                Map.of("auth", Map.of("identity", password(Map.of("id", user, "password", me.password())))));
        login(wire, "a wrong password", Wire.passwordLogin(me.name(), "wrong", me.project()));
        login(wire, "an unknown user", Wire.passwordLogin("nobody", me.password(), me.project()));
        login(wire, "an unknown project", Wire.passwordLogin(me.name(), me.password(), "nothing"));
        login(
                wire,
                "a project by its name without a domain",
                auth(
                        password(Map.of("id", user, "password", me.password())),
                        Map.of("project", Map.of("name", me.project()))));
        login(
                wire,
                "a user by name without a domain",
                auth(
                        password(Map.of("name", me.name(), "password", me.password())),
                        Map.of("project", Map.of("id", project))));
        login(wire, "nothing", Map.of());
        login(wire, "no method", Map.of("auth", Map.of("identity", Map.of("methods", List.of()))));
        login(wire, "an unknown method", Map.of("auth", Map.of("identity", Map.of("methods", List.of("stone")))));
        login(wire, "no JSON", "{bad");
    }

    private static void tokens(Wire wire) {
        Access.Person me = wire.access().user();
        Answer fresh = wire.call(
                "identity", "POST", "/auth/tokens", Wire.passwordLogin(me.name(), me.password(), me.project()), null);
        String token = fresh.header("X-Subject-Token");
        Map<String, String> both = Map.of("X-Auth-Token", wire.session().token(), "X-Subject-Token", token);
        wire.record("a look at a token", "identity", "GET", "/auth/tokens", null, null, both);
        wire.record(
                "a token for a token",
                "identity",
                "POST",
                "/auth/tokens",
                Map.of("auth", Map.of("identity", Map.of("methods", List.of("token"), "token", Map.of("id", token)))),
                null,
                NOBODY);
        wire.record("the catalog", "identity", "GET", "/auth/catalog", null, null);
        wire.record("a token is revoked", "identity", "DELETE", "/auth/tokens", null, null, both);
        wire.record("a look at a revoked token", "identity", "GET", "/auth/tokens", null, null, both);
        wire.record("a revoked token is revoked", "identity", "DELETE", "/auth/tokens", null, null, both);
        Map<String, String> garbage = Map.of("X-Auth-Token", "garbage");
        wire.record("garbage at keystone", "identity", "GET", "/auth/catalog", null, null, garbage);
        wire.record("garbage at nova", "compute", "GET", "/servers", null, null, garbage);
        wire.record("garbage at neutron", "network", "GET", "/v2.0/ports", null, null, garbage);
        wire.record("garbage at glance", "image", "GET", "/v2/images", null, null, garbage);
        wire.record("garbage at cinder", "volumev3", "GET", "/volumes", null, null, garbage);
        wire.record(
                "a revoked token that nova has not seen",
                "compute",
                "GET",
                "/servers",
                null,
                null,
                Map.of("X-Auth-Token", token));
        wire.record("no token at nova", "compute", "GET", "/servers", null, null, NOBODY);
    }

    private static void applicationCredentials(Wire wire) {
        String path = "/users/" + wire.session().user() + "/application_credentials";
        wire.record("there is none", "identity", "GET", path, null, null);
        Answer made = wire.record(
                "one is made",
                "identity",
                "POST",
                path,
                Map.of("application_credential", Map.of("name", "pin-credential")),
                null);
        JsonNode credential = made.at("application_credential");
        String id = credential.path("id").asText();
        String secret = credential.path("secret").asText();
        wire.record(
                "a second of its name",
                "identity",
                "POST",
                path,
                Map.of("application_credential", Map.of("name", "pin-credential")),
                null);
        wire.record("the list", "identity", "GET", path, null, null);
        login(wire, "by id and secret", byCredential(Map.of("id", id, "secret", secret)));
        login(
                wire,
                "by name and user",
                byCredential(Map.of(
                        "name",
                        "pin-credential",
                        "user",
                        Map.of("id", wire.session().user()),
                        "secret",
                        secret)));
        login(wire, "a wrong secret", byCredential(Map.of("id", id, "secret", "wrong")));
        login(wire, "an unknown id", byCredential(Map.of("id", "0123456789abcdef0123456789abcdef", "secret", secret)));
        login(
                wire,
                "with a scope",
                auth(
                        Map.of(
                                "methods",
                                List.of("application_credential"),
                                "application_credential",
                                Map.of("id", id, "secret", secret)),
                        Map.of("project", Map.of("id", wire.session().project()))));
        wire.record("it is taken away", "identity", "DELETE", path + "/" + id, null, null);
        login(wire, "by what is gone", byCredential(Map.of("id", id, "secret", secret)));
    }

    private static void login(Wire wire, String what, Object body) {
        wire.record(what, "identity", "POST", "/auth/tokens", body, null, NOBODY);
    }

    private static Map<String, ?> byCredential(Map<String, ?> credential) {
        return Map.of(
                "auth",
                Map.of(
                        "identity",
                        Map.of("methods", List.of("application_credential"), "application_credential", credential)));
    }

    private static Map<String, ?> auth(Map<String, ?> identity, Map<String, ?> scope) {
        return Map.of("auth", Map.of("identity", identity, "scope", scope));
    }

    private static Map<String, ?> password(Map<String, ?> user) {
        Map<String, Object> with = new LinkedHashMap<>(user);
        if (!user.containsKey("id") && user.containsKey("domain")) {
            with.put("domain", DOMAIN);
        }
        return Map.of("methods", List.of("password"), "password", Map.of("user", with));
    }
}
