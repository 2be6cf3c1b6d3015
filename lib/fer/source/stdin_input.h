// What comes through standard input or a pipe: names of files, or one picture.
#pragma once

#include <istream>
#include <optional>
#include <string>

namespace fer::source {

// `stream` must outlive it.
class StdinInput {
 public:
  explicit StdinInput(std::istream& stream) : stream_(stream) {}

  // Whether a picture's bytes come rather than names. Reads only what it takes to tell, mostly one
  // byte: names may be typed, or found slowly.
  bool is_picture();

  // Looks at the first name. @throws fer::Error that starts with `source` where nothing comes at
  // all, or what comes is not text.
  void check_names(const std::string& source);

  // The next name, blank ones left out. What ends the first one, a line's end or a zero byte (find
  // -print0), ends all: names after a zero byte may hold line breaks. Longer than any path it is
  // cut, and then names no file. Nothing at the end.
  std::optional<std::string> next_name();

  // All bytes to the end. `name` is for messages. @throws fer::Error above kMaxImageBytes.
  std::string picture(const std::string& name);

 private:
  bool get(char& c);
  void refuse_pictures(const std::string& source);
  std::optional<std::string> read_name();

  std::istream& stream_;
  std::string start_;      // read by is_picture()
  std::size_t taken_ = 0;  // of start_, by get()
  std::optional<std::string> first_name_;
  std::optional<char> ending_;  // of names: a line's or zero
};

}  // namespace fer::source
