// What an augmentation says of itself, and the table of them all.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <string_view>
#include <vector>

#include "fer/augment/augment_options.h"
#include "fer/augment/face_change.h"
#include "fer/core/options.h"
#include "fer/core/random.h"

namespace fer::augment {

// When grey levels are changed, as on their way from a face to a file. Pixels find their places
// first, by one sampling of the image; within a stage the order is that of the table.
enum class Stage { lens, light, sensor, file, cover };

// What one file says: the option, what is drawn for an image, and what that does to it.
struct Augmentation {
  Field field;  // of the option; its name is the augmentation's

  // Draws for one image. Each augmentation has a stream of its own, so that switching one on does
  // not change what the others draw.
  void (*draw)(FaceChange& change, const AugmentOptions& options, RandomStream& stream) = nullptr;

  // Applies what was drawn to levels 0-255, float32 [N,H,W] on any device, with a change for each
  // image; colours are an image each. Called where one of them is not neutral; behind
  // Stage::sensor, levels are put back into 0-255. `stream` is the batch's. None where pixels only
  // move.
  at::Tensor (*apply)(const at::Tensor& levels, const std::vector<FaceChange>& changes,
                      const RandomStream& stream) = nullptr;
  Stage stage = Stage::light;

  bool in_last_epochs = false;  // goes on where augment_off_last ends the others
  bool of_batch = false;        // what becomes of an image depends on those beside it in the batch
  std::string stream = {};      // the name of its stream; empty: the option's
};

// The functions of the files, kinds::rotation() and so on.
namespace kinds {
#define FER_AUGMENTATION(type, name, usual, neutral) Augmentation name();
#include "fer/augment/augmentations.def"
}  // namespace kinds

// A row of the table: with it, no other code needs to know an augmentation by its name.
struct AugmentationRow {
  Augmentation kind;
  void (*visit)(const Field& field, AugmentOptions& options, OptionVisitor& visitor);
  bool (*is_on)(const AugmentOptions& options);
  void (*copy)(const AugmentOptions& from, AugmentOptions& to);
  bool (*is_neutral)(const FaceChange& change);  // apart from where pixels come from
};

const std::vector<AugmentationRow>& augmentations();

}  // namespace fer::augment
