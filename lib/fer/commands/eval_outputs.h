// What fer-eval found out, for machines and for other programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "fer/commands/eval_study.h"

namespace fer {

// The keys of docs/cli.md.
nlohmann::json study_json(const EvalStudy& study, const EvalCommandOptions& options);

// A row an image: index, truth, prediction, probabilities.
std::string predictions_csv(const EvalStudy& study);

// The lines about other models, corruptions, training images and votes below the scores; empty where
// there is nothing of it.
std::string study_text(const EvalStudy& study);

// The page of --report. `options` says what was asked for.
void write_report(const EvalStudy& study, const EvalCommandOptions& options, Console& console);

}  // namespace fer
