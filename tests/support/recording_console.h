// A console that keeps its output for the test.
#pragma once

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "fer/commands/console.h"

namespace fer::test {

class RecordingConsole : public commands::Console {
 public:
  std::ostream& results() override { return output; }
  void debug(std::string_view) override {}
  void info(std::string_view message) override { notices += std::string(message) + "\n"; }
  void warn(std::string_view message) override { warnings += std::string(message) + "\n"; }
  void progress(const Progress&) override { ++progress_reports; }
  void progress_done() override {}
  void log_to(const std::string&) override {}
  const std::atomic<bool>& stop_requested() const override { return stop; }
  bool colour() const override { return false; }

  // The results as JSON Lines.
  std::vector<nlohmann::json> lines() const {
    std::vector<nlohmann::json> parsed;
    std::istringstream text(output.str());
    for (std::string line; std::getline(text, line);) parsed.push_back(nlohmann::json::parse(line));
    return parsed;
  }

  std::ostringstream output;
  std::string notices;
  std::string warnings;
  int progress_reports = 0;
  mutable std::atomic<bool> stop = false;
};

}  // namespace fer::test
