package dev.lunasec.tokenizer.grant;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Redis says about its memory ({@code INFO memory}).
 *
 * @param used bytes
 * @param limit bytes; 0 for none
 */
record RedisMemory(long used, long limit) {
    private static final Pattern USED = Pattern.compile("^used_memory:(\\d{1,18})\\s*$", Pattern.MULTILINE);
    private static final Pattern LIMIT = Pattern.compile("^maxmemory:(\\d{1,18})\\s*$", Pattern.MULTILINE);

    /** A number that is missing counts as 0. */
    static RedisMemory parse(String info) {
        return new RedisMemory(number(USED, info), number(LIMIT, info));
    }

    double ratio() {
        return limit == 0 ? Double.NaN : (double) used / limit;
    }

    private static long number(Pattern field, String info) {
        Matcher found = field.matcher(info);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }
}
