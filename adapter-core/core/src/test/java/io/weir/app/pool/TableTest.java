package io.weir.app.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void a_text_of_somebody_else_neither_breaks_a_line_nor_moves_the_terminal() {
        assertThat(Table.lines(List.of("N", "REASON"), List.of(List.of("1", "a\nb \u001b[2Jc"))))
                .containsExactly("N  REASON", "1  a b  [2Jc");
    }

    @Test
    void numbers_stand_right_and_words_left() {
        assertThat(Table.lines(List.of("WORD", "COUNT"), List.of(List.of("a", "1"), List.of("long word", "-"))))
                .containsExactly("WORD       COUNT", "a              1", "long word      -");
    }
}
