// The library that computes in a program: its name, and how a process is set up for it.
#pragma once

#include <functional>
#include <string>

#include "fer/commands/common_options.h"

namespace fer::commands {

struct Engine {
  // For --version: the packages, the build and the instructions that are used.
  std::string description;
  // Threads, and memory that is kept instead of returned to the system after each step: asking for
  // fresh pages again and again costs more than much of the arithmetic. Call once, before anything
  // is computed.
  std::function<void(const CommonOptions&)> set_up;
};

// runtime/ alone, for programs that predict.
Engine prediction_engine();

// LibTorch, for programs that train and evaluate.
Engine torch_engine();

// "fer-train 0.2.0 (…)"
std::string version_text(const std::string& program, const Engine& engine);

}  // namespace fer::commands
