// What the fuzz targets share. A target is a function of the bytes of one file or request of a stranger
// (targets.def lists them); libFuzzer calls it with bytes that it makes up (fuzz_main.cpp), and tests call
// it with those that were worth keeping (replay_main.cpp).
//
// A reader may refuse what it is given, by a fer::Error that names the file. Anything else is a finding:
// another exception, a byte read or written where none is, memory or time out of proportion, and what
// `require` says.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "fer/core/error.h"
#include "fuzz/target_table.h"

namespace fer::fuzz {

// Ends the process, with `what` on stderr, where it does not hold.
void require(bool holds, std::string_view what);

// What a reader says of a file is one line's worth of text, and says which file it means.
void require_message(std::string_view message, std::string_view name);

// A file in memory, for readers that take a path. Its name lasts as long as this does.
class InputFile {
 public:
  explicit InputFile(std::string_view bytes);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  int descriptor_;
  std::filesystem::path path_;
};

// Calls `read`, which may throw a fer::Error that names `name`.
template <class Read>
void may_refuse(std::string_view name, const Read& read) {
  try {
    read();
  } catch (const Error& error) {
    require_message(error.what(), name);
  }
}

// The same with the path of a file of these bytes.
template <class Read>
void read_file_of(std::string_view bytes, const Read& read) {
  const InputFile file(bytes);
  may_refuse(file.path().string(), [&] { read(file.path()); });
}

// What stands before the first `mark`, and what behind it: targets of two inputs take them as one.
inline std::pair<std::string_view, std::string_view> split_at(std::string_view bytes, char mark) {
  const std::size_t at = bytes.find(mark);
  if (at == std::string_view::npos) return {bytes, {}};
  return {bytes.substr(0, at), bytes.substr(at + 1)};
}

}  // namespace fer::fuzz
