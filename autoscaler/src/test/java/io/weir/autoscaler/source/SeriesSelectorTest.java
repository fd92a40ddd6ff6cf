package io.weir.autoscaler.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesSelectorTest {
    private static final Series WEB = new Series("requests", Map.of("job", "web", "code", "200"), 1, null);

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            value = {
                "requests → true",
                "requests{} → true",
                "request → false",
                "requests{job=\"web\"} → true",
                "requests{job=\"we\"} → false",
                "requests{job=~\"we\"} → false",
                "requests{job=~\"we.|db\"} → true",
                "requests{job!~\"we.|db\"} → false",
                "requests{job!=\"db\", code=~\"2..\"} → true",
                "requests{job!=\"db\", code!~\"2..\",} → false",
                "requests{zone=\"\"} → true",
                "requests{zone!=\"\"} → false",
                "requests { job = \"web\" } → true",
            })
    void it_selects_as_promql_does(String selector, boolean selects) {
        assertThat(SeriesSelector.of(selector).matches(WEB)).isEqualTo(selects);
    }

    @Test
    void values_may_hold_escaped_quotes_commas_and_braces() {
        var odd = new Series("a", Map.of("b", "x\",}\\y"), 1, null);
        assertThat(SeriesSelector.of("a{b=\"x\\\",}\\\\y\"}").matches(odd)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "{a=\"b\"}",
                "a{",
                "a{b}",
                "a{b=c}",
                "a{b==\"c\"}",
                "a{b=\"c\" d=\"e\"}",
                "a{b=~\"(\"}",
                "a b",
                "sum(a)"
            })
    void what_selects_nothing_is_refused(String text) {
        assertThatThrownBy(() -> SeriesSelector.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
