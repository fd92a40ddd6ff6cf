package io.weir.http;

import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorCode;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * ETags: a generation or a revision in quotes. {@code *} stands for any; a tag that was never ours matches nothing; what is no
 * tag at all is 400.
 */
final class Tags {
    private static final Pattern OURS = Pattern.compile("\"([0-9]{1,18})\"");
    private static final Pattern ANY_TAG = Pattern.compile("(W/)?\"[\\x21\\x23-\\x7e]*\"");

    private Tags() {}

    static String of(long number) {
        return "\"" + number + "\"";
    }

    /** The number that {@code If-Match} asks for; empty: it asks for nothing in particular. */
    static OptionalLong expected(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return OptionalLong.empty();
        }
        Matcher ours = OURS.matcher(ifMatch.strip());
        if (ours.matches()) {
            return OptionalLong.of(Long.parseLong(ours.group(1)));
        }
        if (ANY_TAG.matcher(ifMatch.strip()).matches()) {
            throw new ApiException(ErrorCode.PRECONDITION_FAILED, "If-Match names a state that this pool never had");
        }
        throw ApiException.invalid("If-Match", "If-Match must be one ETag as it came, with its quotes");
    }

    /** Whether {@code If-None-Match} says that there must be none yet. */
    static boolean onlyIfAbsent(@Nullable String ifNoneMatch) {
        if (ifNoneMatch == null) {
            return false;
        }
        if (ifNoneMatch.strip().equals("*")) {
            return true;
        }
        throw ApiException.invalid("If-None-Match", "If-None-Match may only be *: create, never replace");
    }
}
