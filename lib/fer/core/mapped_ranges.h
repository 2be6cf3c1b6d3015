// Remembers which files are mapped, so that a program can name one that was cut short while it was
// read.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <filesystem>

namespace fer {

// MappedFile calls these; `file` is fstat()'s result when the file was mapped. Safe to call from
// several threads.
void record_mapped_range(const std::filesystem::path& path, const void* begin,
                         const struct stat& file);
void forget_mapped_range(const void* begin);

// As above, for a file that `reader` reads without mapping it (random_access_file.h).
void record_open_file(const std::filesystem::path& path, const void* reader,
                      const struct stat& file);
void forget_open_file(const void* reader);

// A file that is written to in place while it is mapped or open gives bytes of both contents, and a
// result that looks sound. (A file that is replaced by renaming keeps its old content for whoever
// has it open.) Call it before a result file is renamed to its final name. @throws fer::Error that
// names such a file that was changed.
void check_mapped_files();

// From now on this process ends with exit code 1 and one line on stderr, "PROGRAM: error: PATH: was
// made shorter while it was read", when it reads mapped bytes that their file no longer has.
// Otherwise the system would end the process by SIGBUS, without a message. For programs; a library
// leaves signals to the program that it is part of. `program` must outlive the process.
void report_shortened_files(const char* program);

}  // namespace fer
