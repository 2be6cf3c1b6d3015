#include "fer/serve/access_log.h"

#include <array>
#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>
#include <utility>

#include "fer/core/text.h"
#include "fer/output/prediction_json.h"

namespace fer::serve {

namespace {

constexpr std::size_t kMostLines = 10'000;
constexpr std::size_t kLongestPath = 200;

// The time in UTC by RFC 3339, to the millisecond.
std::string time_text() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  const std::string fraction = std::to_string(1000 + millis.count() % 1000).substr(1);
  return std::string(text.data()) + "." + fraction + "Z";
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

// The path without blanks, which separate fields.
std::string path_text(const std::string& path) {
  std::string text = printable(path, kLongestPath);
  for (char& letter : text) {
    if (letter == ' ') letter = '+';
  }
  return or_dash(text);
}

}  // namespace

std::span<const std::string_view> choice_names(AccessFormat) {
  static constexpr std::string_view kNames[] = {"text", "json", "none"};
  return kNames;
}

std::string access_line(const AccessRecord& record, AccessFormat format, std::string_view time) {
  if (format == AccessFormat::json) {
    return output::json_line({{"time", time},
                              {"client", record.client},
                              {"method", record.method},
                              {"path", printable(record.path, kLongestPath)},
                              {"status", record.status},
                              {"received", record.received},
                              {"sent", record.sent},
                              {"seconds", output::rounded(record.seconds)}});
  }
  return std::string(time) + " " + or_dash(record.client) + " " + or_dash(record.method) + " " +
         path_text(record.path) + " " + std::to_string(record.status) + " " +
         std::to_string(record.received) + " " + std::to_string(record.sent) + " " +
         fixed(record.seconds, 4);
}

AccessLog::AccessLog(std::ostream& output, AccessFormat format)
    : output_(output), format_(format), thread_([this] { work(); }) {}

AccessLog::~AccessLog() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  arrived_.notify_all();
  thread_.join();
}

void AccessLog::write(const AccessRecord& record) {
  if (format_ == AccessFormat::none) return;
  std::string line = access_line(record, format_, time_text());
  {
    const std::lock_guard lock(mutex_);
    if (lines_.size() >= kMostLines) {
      ++left_out_;
      return;
    }
    lines_.push_back(std::move(line));
  }
  arrived_.notify_one();
}

void AccessLog::work() {
  std::deque<std::string> lines;
  std::size_t left_out = 0;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return ending_ || !lines_.empty(); });
      if (lines_.empty()) return;
      lines.swap(lines_);
      left_out = std::exchange(left_out_, 0);
    }
    for (const std::string& line : lines) output_ << line << '\n';
    if (left_out > 0) output_ << "# " << left_out << " lines were left out here\n";
    output_.flush();
    lines.clear();
  }
}

}  // namespace fer::serve
