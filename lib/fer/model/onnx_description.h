// The description of a third-party ONNX file, with which it becomes a model: a small JSON file.
//
//   {"labels": ["angry", "happy", null], "size": [112, 112], "colour": "rgb",
//    "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
//
// docs/models-of-others.md explains every field.
#pragma once

#include <filesystem>

#include "fer/model/model_info.h"

namespace fer::model {

// Reads it as the info of a model of architecture kOnnxArchitecture. @throws fer::Error that names
// the file, the field, the bad value and what is allowed.
ModelInfo read_onnx_description(const std::filesystem::path& path);

}  // namespace fer::model
