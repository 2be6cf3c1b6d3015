// Test-time augmentation: several views of one face.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "fer/core/face.h"

namespace fer::infer {

// From the cheapest:
//   none      1 view: the face
//   flip      2 views: the face and its mirror image
//   shifts   10 views: the face, and it shifted by 2 pixels up, down, left and right, the border
//            repeated; then the mirror images of these five
//   ten_crop 10 views: without 4 pixels of the height and of the width, all of them at the opposite
//            border (four corners) or half of them at either (centre), scaled back bilinearly; then
//            the mirror images of these five (Krizhevsky et al., "ImageNet Classification with Deep
//            Convolutional Neural Networks", 2012, section 4.1, whose crops are 224 of 256 pixels)
enum class Tta { none, flip, shifts, ten_crop };
std::span<const std::string_view> choice_names(Tta);

// The help of the option.
inline constexpr const char* kTtaHelp =
    "Test-time augmentation, the mean over views of each face: flip (2: the face and its mirror "
    "image), shifts (10: also shifted by 2 pixels), ten-crop (10: five crops of 44x44 pixels and "
    "their mirror images); these pixels are for faces of 48x48; other sizes scale them";

// @throws fer::Error for a name that is none of the choices.
Tta tta_named(std::string_view name);

std::size_t view_count(Tta tta);

// Calls `view` with the levels [N,height,width,channels] of each view in turn: from 0 to 255, with
// fractions in crops. For other sizes than 48, shifts and crops scale with the size. A mirror image
// has the same views as the face, in another order.
void for_each_view(FacesView faces, Tta tta,
                   const std::function<void(std::span<const float> levels)>& view);

}  // namespace fer::infer
