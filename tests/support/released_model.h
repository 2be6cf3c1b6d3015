// The models that are in models/.
#pragma once

#include <string>

#include "fer/model/model_file.h"

namespace fer::test {

inline model::Model released_model(const std::string& name) {
  return model::read_model(std::string(FER_SOURCE_DIR) + "/models/" + name + ".safetensors");
}

}  // namespace fer::test
