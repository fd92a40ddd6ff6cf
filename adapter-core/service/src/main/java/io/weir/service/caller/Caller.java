package io.weir.service.caller;

import io.weir.certs.Role;

/** Who is calling: what the client's certificate says, or what the configuration says of its subject. */
public record Caller(Role role, String name) {
    @Override
    public String toString() {
        return role.word() + " " + name;
    }
}
