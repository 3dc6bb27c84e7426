package io.tenure.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Gets the text out of a settings file. */
final class SettingsFile {
    /** A file larger than this is something else. */
    private static final int FILE_BYTES_MAX = 256 << 10;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private SettingsFile() {}

    static String text(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new SettingsException(file + ": is a folder; allowed: a settings file");
            }
            long size = Files.size(file);
            if (size > FILE_BYTES_MAX) {
                throw new SettingsException(file + ": has " + size + " bytes; allowed: a settings file of up to "
                        + SettingsSection.inBytes(FILE_BYTES_MAX));
            }
            return decode(file.toString(), Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new SettingsException(file + ": no such file; allowed: a settings file");
        } catch (AccessDeniedException e) {
            throw new SettingsException(file + ": may not be read by this user; allowed: a settings file");
        } catch (IOException e) {
            throw new SettingsException(file + ": can't be read: " + e.getMessage() + "; allowed: a settings file");
        }
    }

    static String decode(String fileName, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        if (result.isError()) {
            int line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            String what = String.format(Locale.ROOT, "byte 0x%02X is not UTF-8", bytes[in.position()]);
            throw SettingsException.at(fileName, line, what, "text in UTF-8");
        }
        String text = out.flip().toString();
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }
}
