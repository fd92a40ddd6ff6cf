package io.weir.aws.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A request with AWS's signature, version 4.
 *
 * @param headers by their names in lower case
 */
record SignedRequest(String method, String path, String query, Map<String, String> headers, String body) {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final Pattern AUTHORIZATION = Pattern.compile(
            ALGORITHM
                    + " Credential=([^/]+)/(\\d{8})/([^/]+)/([^/]+)/aws4_request, *SignedHeaders=([^,]+), *Signature=([0-9a-f]{64})");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private Optional<Matcher> authorization() {
        Matcher matcher = AUTHORIZATION.matcher(headers.getOrDefault("authorization", ""));
        return matcher.matches() ? Optional.of(matcher) : Optional.empty();
    }

    Optional<String> key() {
        return authorization().map(matcher -> matcher.group(1));
    }

    Optional<String> region() {
        return authorization().map(matcher -> matcher.group(3));
    }

    Optional<String> service() {
        return authorization().map(matcher -> matcher.group(4));
    }

    Optional<String> sessionToken() {
        return Optional.ofNullable(headers.get("x-amz-security-token"));
    }

    Optional<Instant> date() {
        try {
            return Optional.ofNullable(headers.get("x-amz-date")).map(text -> TIME.parse(text, Instant::from));
        } catch (DateTimeParseException noDate) {
            return Optional.empty();
        }
    }

    boolean isSignedWith(String secret) {
        Optional<Matcher> found = authorization();
        if (found.isEmpty()) {
            return false;
        }
        Matcher said = found.get();
        String scope = said.group(2) + "/" + said.group(3) + "/" + said.group(4) + "/aws4_request";
        String toSign = String.join(
                "\n",
                ALGORITHM,
                headers.getOrDefault("x-amz-date", ""),
                scope,
                hash(canonical(said.group(5)).getBytes(UTF_8)));
        byte[] key = ("AWS4" + secret).getBytes(UTF_8);
        for (String word : List.of(said.group(2), said.group(3), said.group(4), "aws4_request")) {
            key = hmac(key, word);
        }
        return HexFormat.of().formatHex(hmac(key, toSign)).equals(said.group(6));
    }

    private String canonical(String signedHeaders) {
        List<String> names = Arrays.asList(signedHeaders.split(";", -1));
        String lines = names.stream()
                .map(name -> name + ":" + headers.getOrDefault(name, "").strip().replaceAll(" +", " ") + "\n")
                .collect(Collectors.joining());
        return String.join("\n", method, path, query, lines, signedHeaders, hash(body.getBytes(UTF_8)));
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }
}
