// The messages of long work while it goes on. The library does not print: it calls a Log, and its
// caller decides where the messages go (a program's Console is a Log).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fer {

// One step of long work: `done` of `total` steps; `detail` is a short text such as
// "loss 1.234  acc 51.2 %".
struct Progress {
  std::string title;
  std::int64_t done = 0;
  std::int64_t total = 0;
  double units_per_second = 0.0;
  std::string unit;  // of the speed: "images" for images a second
  double seconds_left = 0.0;
  std::string detail;
};

class Log {
 public:
  virtual ~Log() = default;

  virtual void debug(std::string_view message) = 0;
  virtual void info(std::string_view message) = 0;
  virtual void warn(std::string_view message) = 0;
  virtual void progress(const Progress& progress) = 0;
  // Ends the progress display, so that the next line starts on a fresh one.
  virtual void progress_done() = 0;
};

// For work whose messages nobody wants.
class SilentLog final : public Log {
 public:
  void debug(std::string_view /*message*/) override {}
  void info(std::string_view /*message*/) override {}
  void warn(std::string_view /*message*/) override {}
  void progress(const Progress& /*progress*/) override {}
  void progress_done() override {}
};

}  // namespace fer
