// What is mapped, for a program to tell which file was cut short while it was read.
#pragma once

#include <cstddef>
#include <filesystem>

namespace fer {

// Of MappedFile. Safe to call from several threads.
void note_mapped_range(const std::filesystem::path& path, const void* begin, std::size_t size);
void forget_mapped_range(const void* begin);

// From now on this process ends with exit code 1 and one line on stderr, "PROGRAM: error: PATH: was
// made shorter while it was read", where it reads mapped bytes that their file no longer has.
// Without it the system ends the process by SIGBUS, without a word. For programs; a library leaves
// signals to the program that it is part of. `program` must outlive the process.
void tell_of_shortened_files(const char* program);

}  // namespace fer
