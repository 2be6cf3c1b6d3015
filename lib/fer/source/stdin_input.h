// Reads file names or one picture from standard input or a pipe.
#pragma once

#include <istream>
#include <optional>
#include <string>

namespace fer::source {

// `stream` must outlive the object.
class StdinInput {
 public:
  explicit StdinInput(std::istream& stream) : stream_(stream) {}

  // Whether the input is a picture rather than names. Reads as little as possible, mostly one byte,
  // because names may be typed or come slowly.
  bool is_picture();

  // Checks the first name. @throws fer::Error that starts with `source` if the input is empty or is
  // not text.
  void check_names(const std::string& source);

  // The next name that is not blank. Names end with a line break or with a zero byte (find
  // -print0), whichever ends the first one. A name that is longer than any path is cut, and then
  // names no file. Returns nothing at the end of the input.
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
  std::optional<char> ending_;  // ends each name: a line break or zero
};

}  // namespace fer::source
