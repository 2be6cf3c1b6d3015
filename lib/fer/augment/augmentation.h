// The properties of each augmentation, in one table.
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

// The stages in which grey levels change, in the order from a face to a file. Pixels move before
// all stages, by one sampling; within a stage the table gives the order.
enum class Stage { lens, light, sensor, file, cover };

// One augmentation: its option, its draws for an image, and their effect. Each has its own file.
struct Augmentation {
  Field field;  // of the option; its name is the augmentation's

  // Draws for one image. Each augmentation has its own stream, so that switching one on does not
  // change the draws of the others.
  void (*draw)(FaceChange& change, const AugmentOptions& options, RandomStream& stream) = nullptr;

  // Applies the draws to levels 0-255, float32 [N,H,W] on any device, with a change for each image;
  // each colour channel counts as an image. Called if any change is not neutral; after
  // Stage::sensor, levels are clamped to 0-255. `stream`: of the batch. Null if the augmentation
  // only moves pixels.
  at::Tensor (*apply)(const at::Tensor& levels, const std::vector<FaceChange>& changes,
                      const RandomStream& stream) = nullptr;
  Stage stage = Stage::light;

  bool in_last_epochs = false;  // stays on in the last epochs (augment_off_last)
  bool of_batch = false;        // the result of an image depends on the others in the batch
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
  bool (*is_neutral)(const FaceChange& change);  // apart from moves of pixels
};

const std::vector<AugmentationRow>& augmentations();

}  // namespace fer::augment
