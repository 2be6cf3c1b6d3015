// The parameters of a synthetic face: facial action units, the geometry that follows from them, and
// person, pose and light.
//
// To add an emotion, add its row to expressions() in synthetic_parameters.cpp.
#pragma once

#include <array>
#include <cstddef>

#include "fer/core/label_set.h"
#include "fer/core/random.h"

namespace fer::data {

// The action units of the Facial Action Coding System (Ekman, Friesen and Hager, 2002) that the
// drawn face can perform; the comment gives the system's own number.
enum class ActionUnit {
  inner_brow_raiser,     // 1
  outer_brow_raiser,     // 2
  brow_lowerer,          // 4: lowers the brows and draws them together
  upper_lid_raiser,      // 5
  cheek_raiser,          // 6
  lid_tightener,         // 7
  nose_wrinkler,         // 9
  upper_lip_raiser,      // 10
  lip_corner_puller,     // 12
  lip_corner_depressor,  // 15
  chin_raiser,           // 17
  lip_stretcher,         // 20
  lip_presser,           // 23 and 24
  lips_part,             // 25
  jaw_drop,              // 26
  lid_droop,             // 41
  count
};

// How strongly each unit acts: 0 at rest, 1 in full.
class ActionUnits {
 public:
  double& operator[](ActionUnit unit) { return strength_[static_cast<std::size_t>(unit)]; }
  double operator[](ActionUnit unit) const { return strength_[static_cast<std::size_t>(unit)]; }

 private:
  std::array<double, static_cast<std::size_t>(ActionUnit::count)> strength_{};
};

// Lengths are in head units (half the width of the head); x to the right and y down from the middle
// of the head, as seen by the viewer, before the head is turned. Features that come in pairs are
// given for the right of the picture and mirrored. Tones are linear grey, 0 black to 1 white.

struct HeadShape {
  double crown = 1.3;  // from the middle to the top
  double chin = 1.25;  // from the middle to the chin, jaw drop included
  double jaw = 0.25;   // how much narrower the jaw is than the temples
  double skin = 0.65;  // tone
  double stubble = 0;  // opacity of a beard
  double neck_width = 0.6;
  double clothes = 0.3;  // tone
};

struct BrowShape {
  double inner_x = 0.17;
  double outer_x = 0.68;
  double inner_y = -0.4;
  double peak_y = -0.46;
  double outer_y = -0.38;
  double thickness = 0.07;
  double tone = 0.2;
};

struct EyeShape {
  double x = 0.42;  // the pupil, looking straight ahead
  double y = -0.12;
  double half_width = 0.22;
  double upper_lid = 0.12;  // height of the upper lid's middle above the line between the corners
  double lower_lid = 0.08;  // depth of the lower lid's middle below it; negative: pushed up
  double slant = 0.02;      // how much higher the outer corner is than the inner one
  double gaze_x = 0;
  double gaze_y = 0;
  double iris = 0.11;  // radius
  double iris_tone = 0.2;
};

struct NoseShape {
  double tip_y = 0.3;
  double half_width = 0.19;
  double wrinkles = 0;  // strength, 0 to 1
};

// The opening lies between two arches over a bent line that runs from corner to corner.
struct MouthShape {
  double y = 0.68;  // the line's middle
  double half_width = 0.36;
  double corner_y = 0;      // the corners below the line's middle; negative: above, a smile
  double gap_above = 0;     // the opening's height above the line, in its middle
  double gap_below = 0;     // and below it
  double squareness = 0;    // 0: the opening is an oval, 1: nearly a rectangle
  double upper_lip = 0.07;  // thickness
  double lower_lip = 0.10;
  double upper_teeth = 0;  // how much of the opening's height they cover, 0 to 1
  double lower_teeth = 0;
  double lip_tone = 0.45;
};

// Strengths of the folds that expressions press into the skin, 0 to 1.
struct Creases {
  double forehead = 0;   // raised brows
  double frown = 0;      // upright, between the brows
  double cheeks = 0;     // from the nose's wings to the mouth's corners
  double crow_feet = 0;  // beside the eyes
  double chin = 0;       // under the lower lip
};

struct HairShape {
  bool present = true;
  double tone = 0.15;
  double hairline = -0.85;  // y of its middle
  double parting = 0;       // x of its highest point
  double waviness = 0;
  double length = 0;    // how far it hangs beside the face: 0 short, 1 over the shoulders
  double volume = 0.1;  // how far it stands off the head
};

struct Glasses {
  bool present = false;
  double half_width = 0.3;
  double half_height = 0.22;
  double tone = 0.1;
};

// Angles are in radians; positive yaw turns the face to the picture's right, positive pitch down,
// positive roll clockwise.
struct Pose {
  double yaw = 0;
  double pitch = 0;
  double roll = 0;
  double scale = 18.5;   // pixels a head unit
  double centre_x = 24;  // pixels
  double centre_y = 24;
};

// The direction points to the light; (0, 0) is behind the viewer.
struct Light {
  double from_x = 0;
  double from_y = -0.4;
  double strength = 0.4;
  double background = 0.5;        // tone
  double background_slope_x = 0;  // change of tone over the picture's width
  double background_slope_y = 0;
};

struct Camera {
  double contrast = 1;
  double brightness = 0;  // added tone
  double blur = 0.1;      // weight of a pixel's neighbours, 0 to 1/3
  double noise = 0.02;    // standard deviation, tones
};

struct FaceParameters {
  HeadShape head;
  BrowShape brow;
  EyeShape eye;
  NoseShape nose;
  MouthShape mouth;
  Creases creases;
  HairShape hair;
  Glasses glasses;
  Pose pose;
  Light light;
  Camera camera;
};

// Classes that can be drawn: those of LabelSet::fer2013().
const LabelSet& synthetic_labels();

// How one person shows the emotion: its units at a random intensity, optional ones sometimes, and a
// trace of all others. @throws fer::Error for an emotion that does not exist.
ActionUnits sample_action_units(std::size_t emotion, RandomStream stream);

// A random person in a random pose and light, with these units. Person, pose, light and camera
// depend only on the stream, so the same stream shows one person with several emotions.
FaceParameters sample_face(const ActionUnits& units, const RandomStream& stream);

}  // namespace fer::data
