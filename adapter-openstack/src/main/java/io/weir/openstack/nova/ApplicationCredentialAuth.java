package io.weir.openstack.nova;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRootName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openstack4j.model.identity.v3.Authentication;
import org.openstack4j.openstack.common.Auth;
import org.openstack4j.openstack.identity.v3.domain.KeystoneAuth;

/** What openstack4j lacks: the body of a login with an application credential. */
@JsonRootName("auth")
@SuppressWarnings("serial") // never serialized but to JSON
final class ApplicationCredentialAuth extends KeystoneAuth {
    private static final long serialVersionUID = 1;

    private final transient Map<String, Object> credential;

    ApplicationCredentialAuth(Account.ApplicationCredential account) {
        super(Auth.Type.CREDENTIALS);
        credential = new LinkedHashMap<>();
        account.id().ifPresent(id -> credential.put("id", id));
        account.name().ifPresent(name -> credential.put("name", name));
        account.user().ifPresent(user -> credential.put("user", Login.json(user)));
        credential.put("secret", account.secret());
    }

    @Override
    @JsonProperty("identity")
    public Identity getIdentity() {
        return new Identity(credential);
    }

    /** {@code {"methods": ["application_credential"], "application_credential": {…}}}. */
    static final class Identity implements Authentication.Identity {
        private final Map<String, Object> credential;

        Identity(Map<String, Object> credential) {
            this.credential = credential;
        }

        @JsonProperty("application_credential")
        public Map<String, Object> credential() {
            return credential;
        }

        @Override
        @JsonProperty
        public List<String> getMethods() {
            return List.of("application_credential");
        }

        @Override
        @JsonIgnore
        @SuppressWarnings("NullAway") // openstack4j's interface is not annotated: null is its "none"
        public @Nullable Password getPassword() {
            return null;
        }

        @Override
        @JsonIgnore
        @SuppressWarnings("NullAway") // as above
        public @Nullable Token getToken() {
            return null;
        }
    }
}
