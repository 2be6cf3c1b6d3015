// The library that computes in a program: its name, and the process's setup for it.
#pragma once

#include <functional>
#include <string>

#include "fer/commands/common_options.h"

namespace fer::commands {

struct Engine {
  // For --version: packages, build and instructions.
  std::string description;
  // Sets the number of threads, and keeps memory instead of returning it to the system after each
  // step, because fresh pages cost more than much of the arithmetic. Call it once, before anything
  // is computed.
  std::function<void(const CommonOptions&)> set_up;
};

// Only runtime/, for programs that predict.
Engine prediction_engine();

// LibTorch, for programs that train and evaluate.
Engine torch_engine();

// "fer-train 0.2.0 (…)"
std::string version_text(const std::string& program, const Engine& engine);

}  // namespace fer::commands
