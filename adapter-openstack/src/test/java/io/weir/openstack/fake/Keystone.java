package io.weir.openstack.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.fake.Catalog.Person;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keystone v3: tokens for passwords, application credentials and tokens, with their catalog, their end and their revocation. */
final class Keystone {
    private static final String MALFORMED =
            " The server could not comply with the request since it is either malformed or otherwise incorrect. "
                    + "The client is assumed to be in error.";
    private static final String UNAUTHENTICATED = "The request you have made requires authentication.";

    private final Site site;
    private final Map<String, Token> tokens = new HashMap<>();
    private final Map<String, Token> revoked = new HashMap<>();
    private final Map<String, Instant> seen = new HashMap<>();

    /** @param credential the application credential that it was given for */
    private record Token(
            Person person,
            Rows.@Nullable Credential credential,
            List<String> methods,
            List<String> audits,
            Instant issued,
            Instant expires) {}

    /** Who calls a service. */
    record Caller(String project, String user, String projectName, boolean isAdministrator) {}

    Keystone(Site site) {
        this.site = site;
    }

    /** All tokens of somebody end, at every service. */
    void end(String person) {
        tokens.values().removeIf(token -> token.person().name().equals(person));
        revoked.clear();
    }

    Answer answer(Request request) throws Refusal {
        if (request.path().isEmpty()) {
            return Answer.json(200, version()).with("Vary", "X-Auth-Token");
        }
        try {
            return route(request).with("Vary", "X-Auth-Token");
        } catch (Refusal refusal) {
            throw new Refusal(refusal.answer().with("Vary", "X-Auth-Token"));
        }
    }

    private Answer route(Request request) throws Refusal {
        if (request.is("POST", "auth", "tokens")) {
            return issue(request);
        }
        Caller caller = here(request);
        if (request.begins("auth", "tokens")) {
            return token(request);
        }
        if (request.is("GET", "auth", "catalog")) {
            ObjectNode body = Site.object();
            body.set("catalog", catalog(caller.project()));
            body.putObject("links").put("self", site.url(Service.IDENTITY) + "/auth/catalog");
            return Answer.json(200, body);
        }
        if (request.path().size() >= 3 && request.segment(2).equals("application_credentials")) {
            return credentials(request, caller);
        }
        throw refusal(404, "(" + request.path() + "): The resource could not be found.");
    }

    private ObjectNode version() {
        ObjectNode body = Site.object();
        ObjectNode version = body.putObject("version");
        version.put("id", "v3.14").put("status", "stable").put("updated", "2020-04-07T00:00:00Z");
        version.putArray("links").addObject().put("rel", "self").put("href", site.url(Service.IDENTITY) + "/");
        version.putArray("media-types")
                .addObject()
                .put("base", "application/json")
                .put("type", "application/vnd.openstack.identity-v3+json");
        return body;
    }

    // Tokens

    private Answer issue(Request request) throws Refusal {
        JsonNode auth = body(request).path("auth");
        if (!auth.isObject()) {
            throw missing("auth", "request body");
        }
        JsonNode identity = auth.path("identity");
        List<String> methods = new java.util.ArrayList<>();
        identity.path("methods").forEach(method -> methods.add(method.asText()));
        for (String method : methods) {
            if (!identity.has(method)) {
                throw missing(method, "identity");
            }
        }
        if (methods.isEmpty()) {
            throw unauthenticated();
        }
        return switch (methods.get(0)) {
            case "password" -> byPassword(auth, identity.path("password").path("user"));
            case "application_credential" -> byCredential(auth, identity.path("application_credential"));
            case "token" -> byToken(identity.path("token").path("id").asText());
            default -> throw unauthenticated();
        };
    }

    private Answer byPassword(JsonNode auth, JsonNode user) throws Refusal {
        if (user.has("name") && !user.has("id") && !user.has("domain")) {
            throw missing("domain", "user");
        }
        Optional<Person> person = site.catalog.people.stream()
                .filter(one -> user.has("id")
                        ? one.id().equals(user.path("id").asText())
                        : one.name().equals(user.path("name").asText()) && isDomain(user.path("domain")))
                .filter(one -> one.password().equals(user.path("password").asText()))
                .findFirst();
        JsonNode project = auth.path("scope").path("project");
        if (project.has("name") && !project.has("id") && !project.has("domain")) {
            throw missing("domain", "project");
        }
        if (person.isEmpty()) {
            throw unauthenticated();
        }
        boolean scoped = !project.isMissingNode();
        boolean own = project.has("id")
                ? person.get().project().equals(project.path("id").asText())
                : person.get().projectName().equals(project.path("name").asText()) && isDomain(project.path("domain"));
        if (scoped && !own) {
            throw unauthenticated();
        }
        return issued(person.get(), null, List.of("password"), List.of(audit()));
    }

    private static boolean isDomain(JsonNode domain) {
        return domain.path("id").asText().equals(Catalog.DOMAIN)
                || domain.path("name").asText().equals(Catalog.DOMAIN_NAME);
    }

    private Answer byCredential(JsonNode auth, JsonNode asked) throws Refusal {
        String id = asked.path("id").asText();
        Optional<Rows.Credential> found = site.books.credentials.values().stream()
                .filter(credential -> asked.has("id")
                        ? credential.id.equals(id)
                        : credential.name.equals(asked.path("name").asText())
                                && credential.user.equals(
                                        asked.path("user").path("id").asText()))
                .findFirst();
        if (found.isEmpty()) {
            throw refusal(404, "Could not find Application Credential: " + id + ".");
        }
        if (!found.get().secret.equals(asked.path("secret").asText())) {
            throw unauthenticated();
        }
        if (auth.has("scope")) {
            ObjectNode body = Site.object();
            ObjectNode error = body.putObject("error").put("code", 401);
            error.putObject("identity");
            error.put(
                            "message",
                            "Error authenticating with application credential: Application credentials cannot request"
                                    + " a scope.")
                    .put("title", "Unauthorized");
            throw new Refusal(Answer.json(401, body).with("WWW-Authenticate", challenge()));
        }
        Person person = site.catalog.people.stream()
                .filter(one -> one.id().equals(found.get().user))
                .findFirst()
                .orElseThrow();
        return issued(person, found.get(), List.of("application_credential"), List.of(audit()));
    }

    private Answer byToken(String id) throws Refusal {
        Token token = tokens.get(id);
        if (token == null || !token.expires().isAfter(site.now)) {
            throw unauthenticated();
        }
        List<String> methods = new java.util.ArrayList<>(List.of("token"));
        methods.addAll(token.methods());
        return issued(
                token.person(),
                token.credential(),
                methods,
                List.of(audit(), token.audits().get(0)));
    }

    private Answer issued(
            Person person, Rows.@Nullable Credential credential, List<String> methods, List<String> audits) {
        String id = "gAAAAA" + base64(Site.hex(site.dice, 120)) + "=";
        Instant expires = site.now.plusMillis((long) (site.dials.tokenSeconds * 1000));
        Token token = new Token(person, credential, methods, audits, site.now, expires);
        tokens.values().removeIf(old -> old.expires().isBefore(site.now.minus(Duration.ofHours(1))));
        tokens.put(id, token);
        return Answer.json(201, shown(token)).with("X-Subject-Token", id);
    }

    private ObjectNode shown(Token token) {
        ObjectNode body = Site.object();
        ObjectNode shown = body.putObject("token");
        shown.set("methods", Site.array(token.methods()));
        Person person = token.person();
        ObjectNode user = shown.putObject("user");
        user.set("domain", domain());
        user.put("id", person.id()).put("name", person.name()).putNull("password_expires_at");
        shown.set("audit_ids", Site.array(token.audits()));
        shown.put("expires_at", Times.microsZ(token.expires()));
        shown.put("issued_at", Times.microsZ(token.issued()));
        ObjectNode project = shown.putObject("project");
        project.set("domain", domain());
        project.put("id", person.project()).put("name", person.projectName());
        shown.put("is_domain", false);
        shown.set("roles", roles(person, false));
        shown.set("catalog", catalog(person.project()));
        if (token.credential() != null) {
            shown.putObject("application_credential")
                    .put("id", token.credential().id)
                    .put("name", token.credential().name)
                    .put("restricted", true);
        }
        return body;
    }

    private ArrayNode roles(Person person, boolean whole) {
        ArrayNode roles = Site.array(List.of());
        if (person.isAdministrator()) {
            role(roles, site.catalog.administrator, "admin", whole);
        }
        role(roles, site.catalog.reader, "reader", whole);
        role(roles, site.catalog.member, "member", whole);
        return roles;
    }

    private static void role(ArrayNode roles, String id, String name, boolean whole) {
        ObjectNode role = roles.addObject().put("id", id).put("name", name);
        if (whole) {
            role.putNull("domain_id")
                    .putNull("description")
                    .putObject("options")
                    .put("immutable", true);
        }
    }

    private static ObjectNode domain() {
        return Site.object().put("id", Catalog.DOMAIN).put("name", Catalog.DOMAIN_NAME);
    }

    private ArrayNode catalog(String project) {
        ArrayNode catalog = Site.array(List.of());
        for (Service service :
                List.of(Service.VOLUME, Service.COMPUTE, Service.IDENTITY, Service.IMAGE, Service.NETWORK)) {
            ObjectNode entry = catalog.addObject();
            ArrayNode endpoints = entry.putArray("endpoints");
            String url = site.url(service) + (service == Service.VOLUME ? "/" + project : "");
            for (String face : List.of("internal", "admin", "public")) {
                endpoints
                        .addObject()
                        .put("id", stable(service + face))
                        .put("interface", face)
                        .put("region_id", Site.REGION)
                        .put("url", url)
                        .put("region", Site.REGION);
            }
            entry.put("id", stable(service.type)).put("type", service.type).put("name", service.word);
        }
        return catalog;
    }

    private static String stable(String text) {
        return java.util
                .UUID
                .nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }

    private Answer token(Request request) throws Refusal {
        String id = String.valueOf(request.header("x-subject-token"));
        Token token = tokens.get(id);
        if (token == null || !token.expires().isAfter(site.now)) {
            throw refusal(404, "Failed to validate token");
        }
        if (request.method().equals("DELETE")) {
            tokens.remove(id);
            revoked.put(id, token);
            return Answer.empty(204, null);
        }
        return Answer.json(200, shown(token)).with("X-Subject-Token", id);
    }

    private String audit() {
        return base64(Site.hex(site.dice, 16));
    }

    private static String base64(String hex) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hex.getBytes(StandardCharsets.US_ASCII));
    }

    // Callers

    private Caller here(Request request) throws Refusal {
        Token token = tokens.get(String.valueOf(request.header("x-auth-token")));
        if (token == null || !token.expires().isAfter(site.now)) {
            throw unauthenticated();
        }
        return caller(token);
    }

    /**
     * Who calls another service. A service that has seen a token believes it for a while, also when it was revoked meanwhile; its
     * end it knows.
     */
    Caller caller(Request request) throws Refusal {
        String id = String.valueOf(request.header("x-auth-token"));
        String cached = request.service() + " " + id;
        Instant last = seen.get(cached);
        boolean believed = last != null
                && last.plusMillis((long) (site.dials.tokenCacheSeconds * 1000)).isAfter(site.now);
        Token known = tokens.get(id);
        if (known == null && believed) {
            known = revoked.get(id);
        }
        if (!believed && !site.reaches(Service.IDENTITY)) {
            throw new Refusal(Answer.html(
                    503,
                    "<html>\n <head>\n  <title>503 Service Unavailable</title>\n </head>\n <body>\n"
                            + "  <h1>503 Service Unavailable</h1>\n"
                            + "  The server is currently unavailable. Please try again at a later time.<br /><br />\n"
                            + "The Keystone service is temporarily unavailable.\n\n\n </body>\n</html>"));
        }
        if (known == null || !known.expires().isAfter(site.now)) {
            throw strange(request.service());
        }
        if (!believed) {
            seen.put(cached, site.now);
        }
        return caller(known);
    }

    private static Caller caller(Token token) {
        Person person = token.person();
        return new Caller(person.project(), person.id(), person.projectName(), person.isAdministrator());
    }

    /** Somebody whom a service does not know. */
    private Refusal strange(Service service) {
        ObjectNode body = Site.object();
        if (service == Service.IMAGE) {
            body.put(
                            "message",
                            "This server could not verify that you are authorized to access the document you"
                                    + " requested. Either you supplied the wrong credentials (e.g., bad password), or your"
                                    + " browser does not understand how to supply the credentials required.<br /><br"
                                    + " />\n\n\n")
                    .put("code", "401 Unauthorized")
                    .put("title", "Unauthorized");
        } else {
            body.putObject("error")
                    .put("code", 401)
                    .put("title", "Unauthorized")
                    .put("message", UNAUTHENTICATED);
        }
        return new Refusal(Answer.json(401, body).with("WWW-Authenticate", challenge()));
    }

    // Application credentials

    private Answer credentials(Request request, Caller caller) throws Refusal {
        if (!request.segment(1).equals(caller.user())) {
            throw refusal(403, "You are not authorized to perform the requested action.");
        }
        if (request.is("GET", "users", "*", "application_credentials")) {
            ObjectNode body = Site.object();
            ArrayNode all = body.putArray("application_credentials");
            site.books.credentials.values().stream()
                    .filter(credential -> credential.user.equals(caller.user()))
                    .forEach(credential -> all.add(shown(credential, false)));
            body.putObject("links")
                    .putNull("next")
                    .put("self", site.url(Service.IDENTITY) + "/users/" + caller.user() + "/application_credentials")
                    .putNull("previous");
            return Answer.json(200, body);
        }
        if (request.is("POST", "users", "*", "application_credentials")) {
            String name =
                    body(request).path("application_credential").path("name").asText();
            if (site.books.credentials.values().stream()
                    .anyMatch(old -> old.user.equals(caller.user()) && old.name.equals(name))) {
                throw refusal(
                        409,
                        "Conflict occurred attempting to store application_credential - Duplicate entry found with"
                                + " name "
                                + name + ".");
            }
            Rows.Credential credential = new Rows.Credential();
            credential.id = Site.hex(site.dice, 32);
            credential.project = caller.project();
            credential.user = caller.user();
            credential.name = name;
            credential.secret = base64(Site.hex(site.dice, 64));
            credential.created = site.now;
            site.books.write(credential, site.now);
            ObjectNode body = Site.object();
            body.set("application_credential", shown(credential, true));
            return Answer.json(201, body);
        }
        Rows.Credential credential = request.path().size() == 4 ? site.books.credentials.get(request.segment(3)) : null;
        if (credential == null) {
            throw refusal(
                    404,
                    "Could not find Application Credential: "
                            + request.segment(request.path().size() - 1) + ".");
        }
        if (request.method().equals("DELETE")) {
            site.books.remove(credential, site.now);
            return Answer.empty(204, null);
        }
        ObjectNode body = Site.object();
        body.set("application_credential", shown(credential, false));
        return Answer.json(200, body);
    }

    private ObjectNode shown(Rows.Credential credential, boolean first) {
        ObjectNode shown = Site.object();
        shown.put("id", credential.id).put("name", credential.name).putNull("description");
        shown.put("user_id", credential.user)
                .put("project_id", credential.project)
                .putNull("system");
        shown.putNull("expires_at").putNull("unrestricted");
        Person person = site.catalog.people.stream()
                .filter(one -> one.id().equals(credential.user))
                .findFirst()
                .orElseThrow();
        shown.set("roles", roles(person, true));
        if (first) {
            shown.put("secret", credential.secret);
        }
        shown.putObject("links").put("self", site.url(Service.IDENTITY) + "/application_credentials/" + credential.id);
        return shown;
    }

    // Words

    private static JsonNode body(Request request) throws Refusal {
        try {
            return Books.JSON.readTree(request.body());
        } catch (java.io.IOException none) {
            throw missing("valid JSON", "request body");
        }
    }

    private static Refusal missing(String what, String where) {
        return refusal(400, "Expecting to find " + what + " in " + where + "." + MALFORMED);
    }

    private Refusal unauthenticated() {
        return new Refusal(refusal(401, UNAUTHENTICATED).answer().with("WWW-Authenticate", challenge()));
    }

    private String challenge() {
        return "Keystone uri=\"" + site.url(Service.IDENTITY) + "\"";
    }

    private static Refusal refusal(int status, String message) {
        ObjectNode body = Site.object();
        body.putObject("error").put("code", status).put("message", message).put("title", title(status));
        return new Refusal(Answer.json(status, body));
    }

    private static @Nullable String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 409 -> "Conflict";
            default -> null;
        };
    }
}
