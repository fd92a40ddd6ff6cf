package io.weir.aws.fake;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who there is in the account: users with their keys, and roles that they may take on. */
record Access(List<User> users, List<Role> roles) {
    static final String ROLE = "arn:aws:iam::" + ExampleRegion.ACCOUNT + ":role/weir";
    static final User WEIR = new User("AKIAFAKE00000000WEIR", "fake-secret-of-weir", userArn("weir"), null);

    /** One user and one role that may do everything. */
    static final Access EXAMPLE =
            new Access(List.of(WEIR), List.of(new Role(ROLE, "fleet-4711", Set.of("token-of-a-pod"), null)));

    Access {
        users = List.copyOf(users);
        roles = List.copyOf(roles);
    }

    /** @param policy an IAM policy document; null: everything is allowed */
    record User(
            String key, String secret, String arn, @Nullable JsonNode policy) {}

    /**
     * @param externalId what has to be said to take it on; null: nothing
     * @param webIdentities the tokens that it can be had for
     */
    record Role(
            String arn,
            @Nullable String externalId,
            Set<String> webIdentities,
            @Nullable JsonNode policy) {}

    static String userArn(String name) {
        return "arn:aws:iam::" + ExampleRegion.ACCOUNT + ":user/" + name;
    }

    Optional<Role> role(String arn) {
        return roles.stream().filter(role -> role.arn.equals(arn)).findFirst();
    }

    /** The same account, where everybody is bound by a policy. */
    Access bound(JsonNode policy) {
        return new Access(
                users.stream()
                        .map(user -> new User(user.key, user.secret, user.arn, policy))
                        .toList(),
                roles.stream()
                        .map(role -> new Role(role.arn, role.externalId, role.webIdentities, policy))
                        .toList());
    }
}
