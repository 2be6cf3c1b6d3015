// Remembers which files are mapped, so that a program can name one that was cut short while it was
// read.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <filesystem>

namespace fer {

// MappedFile calls these, with what the system said of the file when it was mapped. Safe to call
// from several threads.
void note_mapped_range(const std::filesystem::path& path, const void* begin,
                       const struct stat& file);
void forget_mapped_range(const void* begin);

// The same of a file that is read without being mapped (random_access_file.h), by its reader.
void note_open_file(const std::filesystem::path& path, const void* reader, const struct stat& file);
void forget_open_file(const void* reader);

// A file that is written to in place while it is mapped or open gives bytes of both contents, and a
// result that looks sound. (One that is replaced, as programs should, stays what it was.) Called
// before anything that was computed takes its name. @throws fer::Error that names such a file that
// was changed.
void check_mapped_files();

// From now on this process ends with exit code 1 and one line on stderr, "PROGRAM: error: PATH: was
// made shorter while it was read", where it reads mapped bytes that their file no longer has.
// Without it the system ends the process by SIGBUS, without a word. For programs; a library leaves
// signals to the program that it is part of. `program` must outlive the process.
void tell_of_shortened_files(const char* program);

}  // namespace fer
