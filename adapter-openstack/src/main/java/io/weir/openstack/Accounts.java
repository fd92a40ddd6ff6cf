package io.weir.openstack;

import io.weir.openstack.nova.Account;
import io.weir.openstack.nova.Account.Name;
import io.weir.openstack.nova.Account.Proof;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * An account from the words that OpenStack's own tools use: those of {@code clouds.yaml}, which are those of {@code OS_*} in small
 * letters.
 *
 * <ol>
 *   <li>A token is shown if there is one, else an application credential, else a password; {@code auth_type} decides if it is there.
 *   <li>{@code domain_name} and {@code default_domain} serve user and project where these name none.
 *   <li>A region is due: without one nothing says which of a catalog's services is meant.
 * </ol>
 */
public final class Accounts {
    private static final Set<String> TOKEN = Set.of("token", "v3token");
    private static final Set<String> CREDENTIAL = Set.of("v3applicationcredential");
    private static final Set<String> PASSWORD = Set.of("password", "v3password");
    private static final List<String> FACES = List.of("public", "internal", "admin");

    private final Map<String, String> words;
    private final BiConsumer<String, String> problems;

    private Accounts(Map<String, String> words, BiConsumer<String, String> problems) {
        this.words = words;
        this.problems = problems;
    }

    /** What {@code OS_*} says, in the words of {@code clouds.yaml}. */
    public static Map<String, String> ofEnvironment(Map<String, String> environment) {
        Map<String, String> words = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith("OS_") && !value.isBlank()) {
                words.put(name.substring(3).toLowerCase(Locale.ROOT), value);
            }
        });
        Optional.ofNullable(words.get("tenant_name")).ifPresent(name -> words.putIfAbsent("project_name", name));
        Optional.ofNullable(words.get("tenant_id")).ifPresent(id -> words.putIfAbsent("project_id", id));
        return Map.copyOf(words);
    }

    /** The account, or empty and each problem with its word. */
    public static Optional<Account> account(Map<String, String> words, BiConsumer<String, String> problems) {
        return new Accounts(words, problems).account();
    }

    private Optional<Account> account() {
        Optional<String> url = due("auth_url");
        Optional<String> region = due("region_name");
        String face = word("interface").orElse("public").replaceAll("URL$", "");
        if (!FACES.contains(face)) {
            problems.accept("interface", "must be one of " + String.join(", ", FACES) + ", not \"" + face + "\"");
            return Optional.empty();
        }
        Optional<Proof> proof = proof();
        if (url.isPresent() && !url.get().matches("https?://\\S+")) {
            problems.accept("auth_url", "must be an http or https address of Keystone, not \"" + url.get() + "\"");
            return Optional.empty();
        }
        return url.isEmpty() || region.isEmpty() || proof.isEmpty()
                ? Optional.empty()
                : Optional.of(new Account(url.get(), region.get(), face, proof.get()));
    }

    private Optional<Proof> proof() {
        Optional<String> type = word("auth_type");
        if (type.map(TOKEN::contains).orElse(words.containsKey("token"))) {
            Optional<String> token = due("token");
            Optional<Name> project = name("project");
            return token.flatMap(given -> project.map(scope -> new Account.GivenToken(given, scope)));
        }
        if (type.map(CREDENTIAL::contains).orElse(words.containsKey("application_credential_secret"))) {
            return credential();
        }
        if (type.isPresent() && !PASSWORD.contains(type.get())) {
            problems.accept(
                    "auth_type",
                    "\"" + type.get() + "\" is not known here; there are password, v3applicationcredential and token");
            return Optional.empty();
        }
        Optional<Name> user = name("user");
        Optional<String> password = due("password");
        Optional<Name> project = name("project");
        return user.flatMap(
                who -> password.flatMap(secret -> project.map(scope -> new Account.Password(who, secret, scope))));
    }

    private Optional<Proof> credential() {
        Optional<String> secret = due("application_credential_secret");
        Optional<String> id = word("application_credential_id");
        Optional<String> name = word("application_credential_name");
        if (id.isEmpty() && name.isEmpty()) {
            problems.accept("application_credential_id", "is missing");
            return Optional.empty();
        }
        Optional<Name> user = id.isPresent() ? Optional.empty() : name("user");
        if (id.isEmpty() && user.isEmpty()) {
            return Optional.empty();
        }
        return secret.map(
                given -> new Account.ApplicationCredential(id, id.isPresent() ? Optional.empty() : name, user, given));
    }

    private Optional<Name> name(String of) {
        Optional<String> id = word(of + "_id");
        Optional<String> name = word(of.equals("user") ? "username" : of + "_name");
        if (id.isEmpty() && name.isEmpty()) {
            problems.accept(of.equals("user") ? "username" : of + "_name", "is missing");
            return Optional.empty();
        }
        Optional<String> domainId = word(of + "_domain_id")
                .or(() -> word(of + "_domain_name").isPresent() ? Optional.empty() : word("domain_id"));
        Optional<String> domainName =
                word(of + "_domain_name").or(() -> word("domain_name")).or(() -> word("default_domain"));
        return Optional.of(new Name(id, id.isPresent() ? Optional.empty() : name, domainId, domainName));
    }

    private Optional<String> due(String word) {
        Optional<String> found = word(word);
        if (found.isEmpty()) {
            problems.accept(word, "is missing");
        }
        return found;
    }

    private Optional<String> word(String word) {
        return Optional.ofNullable(words.get(word)).filter(text -> !text.isBlank());
    }
}
