// Help texts of options that name models, the same in every program.
#pragma once

#include <string>

namespace fer::model {

inline constexpr const char* kModelNames =
    "a .safetensors file, an ensemble's .json file, a run folder, or a name from `fer-model list`";
inline constexpr const char* kOneModelNames =
    "a .safetensors file, a run folder, or the name of a released model; not an ensemble";

// The text of an option that takes one model, which may be an ensemble.
inline std::string model_help() { return std::string("Model: ") + kModelNames; }

// The text of an option that takes several models.
inline std::string models_help() {
  return model_help() + ". Repeat it to average the probabilities of several";
}

// The text of the option "weights". `fits`: whether the program can fit them.
inline std::string weights_help(bool fits) {
  const std::string fitted = "fitted (maximum likelihood on the validation images), ";
  return "Weights of the models: equal, " + (fits ? fitted : std::string()) +
         "or one number per model, 0 to 1000000, as in 2,1,1. With equal, the models of an "
         "ensemble file keep that file's weights";
}

}  // namespace fer::model
