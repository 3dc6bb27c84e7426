package io.tenure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {
    @Test
    void plainTextStaysAsItIs() {
        assertThat(OneLine.of("größe 中\uD83D\uDE00 \"x\"", 100)).isEqualTo("größe 中\uD83D\uDE00 \"x\"");
    }

    @Test
    void whatBreaksOrTurnsALineIsAQuestionMark() {
        assertThat(OneLine.of("a\nb\r\u001b[2J\u0085\u2028\u2029\u202e\u0000\uD800z", 100))
                .isEqualTo("a?b??[2J??????z");
    }

    @Test
    void aLongTextIsCutBetweenCharacters() {
        assertThat(OneLine.of("abcd", 3)).isEqualTo("abc");
        assertThat(OneLine.of("ab\uD83D\uDE00", 3)).isEqualTo("ab");
    }
}
