package io.tenure.bench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ReadmeTest {
    private static final Path EXAMPLE = Path.of("client/src/test/java/io/tenure/client/SdkExample.java");

    /** The body of its method, as deep as it stands there. */
    @Test
    void theExampleIsTheCodeThatRuns() throws Exception {
        List<String> lines = Files.readAllLines(Readme.ROOT.resolve(EXAMPLE));
        String indent = " ".repeat(8);
        String body = lines.stream()
                .filter(line -> line.startsWith(indent))
                .map(line -> line.substring(indent.length()) + "\n")
                .collect(Collectors.joining());
        assertThat(Readme.read().blockAfter("## The SDK", "java")).isEqualTo(body);
    }

    @Test
    void linksLeadToFiles() throws Exception {
        for (String file : Readme.FILES) {
            String text = String.join("\n", Readme.read(file).lines());
            Path folder = Readme.ROOT.resolve(file).getParent();
            Matcher link = Pattern.compile("\\]\\(([^)#]+)\\)").matcher(text);
            assertThat(link.results().map(match -> match.group(1)).filter(target -> !target.contains("://")))
                    .isNotEmpty()
                    .allSatisfy(target -> assertThat(folder.resolve(target)).exists());
        }
    }
}
