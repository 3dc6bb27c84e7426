package io.tenure.bench.geo;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A page of plain text, tables and pictures, for people: as Markdown and as HTML. */
final class Page {
    private static final String STYLE =
            "body{font:15px/1.5 sans-serif;max-width:75em;margin:2em auto;padding:0 1em;color:#222}"
                    + "table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #ccc;padding:.25em .7em;text-align:right}"
                    + "td:first-child,th:first-child{text-align:left}th{background:#f3f3f3}img{max-width:100%}";

    private final List<Block> blocks = new ArrayList<>();

    private sealed interface Block {}

    private record Heading(int level, String text) implements Block {}

    private record Paragraph(String text) implements Block {}

    private record Picture(String file, String text) implements Block {}

    private record Items(List<String> items) implements Block {}

    private record Table(List<String> head, List<List<String>> rows) implements Block {}

    void heading(int level, String text) {
        blocks.add(new Heading(level, text));
    }

    void paragraph(String text) {
        blocks.add(new Paragraph(text));
    }

    void picture(String file, String text) {
        blocks.add(new Picture(file, text));
    }

    void items(List<String> items) {
        blocks.add(new Items(List.copyOf(items)));
    }

    /** A table whose first column is text, and whose others are figures. */
    void table(List<String> head, List<List<String>> rows) {
        blocks.add(new Table(List.copyOf(head), List.copyOf(rows)));
    }

    String markdown() {
        return blocks.stream().map(Page::markdown).collect(Collectors.joining("\n"));
    }

    private static String markdown(Block block) {
        if (block instanceof Heading heading) {
            return "#".repeat(heading.level) + " " + heading.text + "\n";
        } else if (block instanceof Picture picture) {
            return "![" + picture.text + "](" + picture.file + ")\n";
        } else if (block instanceof Items items) {
            return items.items.stream().map(item -> "- " + item + "\n").collect(Collectors.joining());
        } else if (block instanceof Table table) {
            return row(table.head) + "|---|" + "---:|".repeat(table.head.size() - 1) + "\n"
                    + table.rows.stream().map(Page::row).collect(Collectors.joining());
        }
        return ((Paragraph) block).text + "\n";
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    String html(String title) {
        return "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>" + escape(title)
                + "</title>\n<style>" + STYLE + "</style>\n"
                + blocks.stream().map(Page::html).collect(Collectors.joining("\n")) + "\n</html>\n";
    }

    private static String html(Block block) {
        if (block instanceof Heading heading) {
            return "<h" + heading.level + ">" + escape(heading.text) + "</h" + heading.level + ">";
        } else if (block instanceof Picture picture) {
            return "<img src=\"" + escape(picture.file) + "\" alt=\"" + escape(picture.text) + "\">";
        } else if (block instanceof Items items) {
            return "<ul>"
                    + items.items.stream()
                            .map(item -> "<li>" + escape(item) + "</li>")
                            .collect(Collectors.joining())
                    + "</ul>";
        } else if (block instanceof Table table) {
            return "<table>\n" + row("th", table.head)
                    + table.rows.stream().map(row -> row("td", row)).collect(Collectors.joining()) + "</table>";
        }
        return "<p>" + escape(((Paragraph) block).text) + "</p>";
    }

    private static String row(String tag, List<String> cells) {
        return "<tr>"
                + cells.stream()
                        .map(cell -> "<" + tag + ">" + escape(cell) + "</" + tag + ">")
                        .collect(Collectors.joining())
                + "</tr>\n";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
