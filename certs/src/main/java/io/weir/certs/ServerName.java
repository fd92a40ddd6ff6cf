package io.weir.certs;

import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.util.IPAddress;

/** A name a server answers to: a host name (the first label may be {@code *}), an IPv4 or an IPv6 address. */
record ServerName(String text, boolean address) {
    private static final Pattern HOST = Pattern.compile(
            "(\\*\\.)?([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)*[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    static ServerName of(String given) {
        String text = given.strip();
        if (text.startsWith("[") && text.endsWith("]")) {
            text = text.substring(1, text.length() - 1);
        }
        if (IPAddress.isValid(text)) {
            return new ServerName(text, true);
        }
        if (text.length() <= 253 && HOST.matcher(text).matches()) {
            return new ServerName(text, false);
        }
        throw new CertsProblem("\"" + given + "\" is neither a host name nor an IP address: give names such as"
                + " adapter.example.com, 10.0.0.7 or ::1, without scheme, port or path");
    }

    GeneralName general() {
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, text);
    }
}
