#include "fer/data/synthetic_parameters.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/error.h"

namespace fer::data {

namespace {

using enum ActionUnit;

struct UnitUse {
  ActionUnit unit;
  double strength;
  double chance = 1.0;  // probability that the unit takes part
};

struct Expression {
  std::string_view name;
  std::vector<UnitUse> uses;
};

// After the prototypes of Ekman and Friesen's EMFACS, in the order of LabelSet::fer2013().
const std::vector<Expression>& expressions() {
  static const std::vector<Expression> table{
      {"angry",
       {{brow_lowerer, 1.0},
        {upper_lid_raiser, 0.25},
        {lid_tightener, 0.6},
        {lip_presser, 1.0},
        {chin_raiser, 0.3}}},
      {"disgust",
       {{nose_wrinkler, 1.0},
        {lid_tightener, 0.7},
        {upper_lip_raiser, 1.0},
        {lip_corner_depressor, 0.45},
        {lips_part, 0.5, 0.6}}},
      {"fear",
       {{inner_brow_raiser, 0.9},
        {outer_brow_raiser, 0.35},
        {brow_lowerer, 0.6},
        {upper_lid_raiser, 1.0},
        {lip_stretcher, 1.0},
        {lips_part, 0.9},
        {jaw_drop, 0.2, 0.5}}},
      {"happy", {{cheek_raiser, 0.9}, {lip_corner_puller, 1.0}, {lips_part, 0.9, 0.65}}},
      {"sad",
       {{inner_brow_raiser, 1.0},
        {brow_lowerer, 0.7},
        {lip_corner_depressor, 1.0},
        {chin_raiser, 0.6},
        {lid_droop, 0.7}}},
      {"surprise",
       {{inner_brow_raiser, 1.0},
        {outer_brow_raiser, 1.0},
        {upper_lid_raiser, 0.9},
        {lips_part, 1.0},
        {jaw_drop, 1.0}}},
      {"neutral", {}},
  };
  return table;
}

const Expression& expression(std::size_t emotion) {
  if (emotion >= expressions().size()) {
    throw Error("synthetic emotion " + std::to_string(emotion) + " does not exist: 0 to " +
                std::to_string(expressions().size() - 1) + " are allowed");
  }
  return expressions()[emotion];
}

HeadShape sample_head(const ActionUnits& units, RandomStream random) {
  HeadShape head;
  head.crown = random.uniform(1.25, 1.38);
  head.chin = random.uniform(1.16, 1.3) + 0.14 * units[jaw_drop];
  head.jaw = random.uniform(0.16, 0.32);
  head.skin = random.uniform(0.38, 0.74);
  head.stubble = random.chance(0.15) ? random.uniform(0.12, 0.4) : 0;
  head.neck_width = random.uniform(0.5, 0.72);
  head.clothes = random.uniform(0.05, 0.8);
  return head;
}

BrowShape sample_brow(const ActionUnits& units, RandomStream random) {
  // With raised inner brows the brow lowerer only pulls the brows together.
  const double lowered = units[brow_lowerer] * (1 - 0.9 * std::min(units[inner_brow_raiser], 1.0)) +
                         0.65 * units[nose_wrinkler];
  const double inner = units[inner_brow_raiser];
  const double outer = units[outer_brow_raiser];
  const double base = random.uniform(-0.44, -0.38);
  BrowShape brow;
  brow.inner_x = random.uniform(0.17, 0.23) - 0.08 * units[brow_lowerer];
  brow.outer_x = random.uniform(0.66, 0.76);
  brow.inner_y = base + 0.02 - 0.2 * inner - 0.03 * outer + 0.2 * lowered;
  brow.peak_y = base - random.uniform(0.04, 0.08) - 0.07 * inner - 0.18 * outer + 0.09 * lowered;
  brow.outer_y =
      base + random.uniform(0.01, 0.06) - 0.13 * outer + 0.1 * inner * (1 - outer) - 0.05 * lowered;
  brow.thickness = random.uniform(0.045, 0.085);
  return brow;
}

EyeShape sample_eye(const ActionUnits& units, RandomStream random) {
  const double narrowed = 0.04 * units[lid_tightener] + 0.04 * units[nose_wrinkler];
  EyeShape eye;
  eye.x = random.uniform(0.39, 0.45);
  eye.y = random.uniform(-0.16, -0.1);
  eye.half_width = random.uniform(0.2, 0.24);
  eye.upper_lid = random.uniform(0.1, 0.14) + 0.1 * units[upper_lid_raiser] - narrowed -
                  0.03 * units[cheek_raiser] - 0.075 * units[lid_droop];
  eye.lower_lid = random.uniform(0.07, 0.1) + 0.03 * units[upper_lid_raiser] - narrowed -
                  0.1 * units[cheek_raiser];
  eye.upper_lid = std::max(eye.upper_lid, 0.035);
  eye.lower_lid = std::max(eye.lower_lid, 0.05 - eye.upper_lid);
  eye.slant = random.uniform(-0.02, 0.06) - 0.04 * units[lid_droop];
  eye.gaze_x = 0.035 * random.normal();
  eye.gaze_y = 0.015 * random.normal() + 0.02 * units[lid_droop];
  eye.iris = random.uniform(0.095, 0.12);
  eye.iris_tone = random.uniform(0.08, 0.35);
  return eye;
}

NoseShape sample_nose(const ActionUnits& units, RandomStream random) {
  NoseShape nose;
  nose.tip_y = random.uniform(0.26, 0.36) - 0.07 * units[nose_wrinkler];
  nose.half_width =
      random.uniform(0.15, 0.22) + 0.03 * units[nose_wrinkler] + 0.02 * units[lip_corner_puller];
  nose.wrinkles = units[nose_wrinkler];
  return nose;
}

MouthShape sample_mouth(const ActionUnits& units, const HeadShape& head, RandomStream random) {
  const double open = units[lips_part];
  const double smile = units[lip_corner_puller];
  const double sneer = units[upper_lip_raiser];
  const double stretch = units[lip_stretcher];
  const double drop = units[jaw_drop];
  MouthShape mouth;
  mouth.y = random.uniform(0.64, 0.7) - 0.05 * units[chin_raiser] - 0.06 * sneer + 0.1 * drop;
  mouth.half_width = random.uniform(0.34, 0.4) + 0.13 * smile + 0.14 * stretch - 0.15 * drop -
                     0.04 * units[lip_presser] + 0.02 * sneer;
  mouth.corner_y = random.uniform(-0.015, 0.015) - 0.2 * smile +
                   0.19 * units[lip_corner_depressor] + 0.04 * stretch + 0.06 * sneer;
  mouth.gap_above = open * (0.03 + 0.11 * sneer + 0.04 * stretch + 0.16 * drop);
  mouth.gap_below = open * (0.06 + 0.13 * smile + 0.1 * stretch) + 0.18 * drop;
  mouth.squareness = std::clamp(0.9 * stretch + 0.6 * sneer, 0.0, 1.0);
  const double pressed = 1 - 0.75 * units[lip_presser];
  mouth.upper_lip = random.uniform(0.05, 0.09) * pressed * (1 - 0.3 * smile);
  mouth.lower_lip = random.uniform(0.08, 0.13) * pressed * (1 - 0.25 * smile);
  mouth.upper_teeth =
      std::clamp(0.18 + 0.6 * smile + 0.45 * sneer + 0.3 * stretch - 0.1 * drop, 0.0, 0.85);
  mouth.lower_teeth = std::clamp(0.3 * stretch - 0.2 * drop, 0.0, 0.4);
  mouth.lip_tone = head.skin * random.uniform(0.55, 0.82);
  return mouth;
}

Creases sample_creases(const ActionUnits& units, RandomStream random) {
  const double age = random.uniform(0.5, 1.0);  // how deep folds go
  Creases creases;
  creases.forehead = age * 0.8 * std::max(units[inner_brow_raiser] * 0.7, units[outer_brow_raiser]);
  creases.frown = age * std::max(units[brow_lowerer], 0.7 * units[nose_wrinkler]);
  creases.cheeks = random.uniform(0.0, 0.12) +
                   age * std::min(0.6 * units[lip_corner_puller] + 0.8 * units[upper_lip_raiser] +
                                      0.2 * units[lip_corner_depressor],
                                  0.8);
  creases.crow_feet = age * units[cheek_raiser];
  creases.chin = random.uniform(0.1, 0.25) + 0.6 * units[chin_raiser];
  return creases;
}

HairShape sample_hair(RandomStream random) {
  HairShape hair;
  hair.present = !random.chance(0.08);
  hair.tone = random.chance(0.2) ? random.uniform(0.35, 0.65) : random.uniform(0.04, 0.28);
  hair.hairline = random.uniform(-1.08, -0.82);
  hair.parting = random.uniform(-0.5, 0.5);
  hair.waviness = random.uniform(0.0, 0.07);
  hair.length = random.chance(0.4) ? random.uniform(0.5, 1.0) : 0;
  hair.volume = random.uniform(0.05, 0.16);
  return hair;
}

Glasses sample_glasses(RandomStream random) {
  Glasses glasses;
  glasses.present = random.chance(0.12);
  glasses.half_width = random.uniform(0.28, 0.33);
  glasses.half_height = random.uniform(0.2, 0.26);
  glasses.tone = random.uniform(0.02, 0.25);
  return glasses;
}

Pose sample_pose(RandomStream random) {
  Pose pose;
  pose.yaw = random.uniform(-0.4, 0.4);
  pose.pitch = random.uniform(-0.15, 0.15);
  pose.roll = random.uniform(-0.26, 0.26);
  pose.scale = random.uniform(17.0, 21.0);
  pose.centre_x = 24 - 6 * pose.yaw + random.uniform(-3.8, 3.8);
  pose.centre_y = 24 + random.uniform(-3.8, 3.8);
  return pose;
}

Light sample_light(RandomStream random) {
  Light light;
  light.from_x = random.uniform(-0.9, 0.9);
  light.from_y = random.uniform(-0.8, 0.2);
  light.strength = random.uniform(0.4, 1.0);
  light.background = random.uniform(0.08, 0.92);
  light.background_slope_x = random.uniform(-0.35, 0.35);
  light.background_slope_y = random.uniform(-0.35, 0.35);
  return light;
}

Camera sample_camera(RandomStream random) {
  Camera camera;
  camera.contrast = random.uniform(0.8, 1.25);
  camera.brightness = random.uniform(-0.06, 0.12);
  camera.blur = random.uniform(0.0, 0.14);
  camera.noise = random.uniform(0.004, 0.02);
  return camera;
}

}  // namespace

const LabelSet& synthetic_labels() {
  static const LabelSet labels = [] {
    std::vector<std::string> names;
    for (const Expression& one : expressions()) names.emplace_back(one.name);
    return LabelSet(names);
  }();
  return labels;
}

ActionUnits sample_action_units(std::size_t emotion, RandomStream stream) {
  const std::vector<UnitUse>& uses = expression(emotion).uses;
  constexpr double kTrace = 0.1;  // no face at rest is quite still
  ActionUnits units;
  for (std::size_t i = 0; i < static_cast<std::size_t>(ActionUnit::count); ++i) {
    units[static_cast<ActionUnit>(i)] = stream.uniform(0.0, kTrace);
  }
  const double intensity = stream.uniform(0.7, 1.05);
  for (const UnitUse& use : uses) {
    const double strength = use.strength * intensity * stream.uniform(0.85, 1.15);
    if (stream.chance(use.chance)) units[use.unit] += strength;
  }
  return units;
}

FaceParameters sample_face(const ActionUnits& units, const RandomStream& stream) {
  FaceParameters face;
  face.head = sample_head(units, stream.child("head"));
  face.brow = sample_brow(units, stream.child("brow"));
  face.eye = sample_eye(units, stream.child("eye"));
  face.nose = sample_nose(units, stream.child("nose"));
  face.mouth = sample_mouth(units, face.head, stream.child("mouth"));
  face.creases = sample_creases(units, stream.child("creases"));
  face.hair = sample_hair(stream.child("hair"));
  face.glasses = sample_glasses(stream.child("glasses"));
  face.pose = sample_pose(stream.child("pose"));
  face.light = sample_light(stream.child("light"));
  face.camera = sample_camera(stream.child("camera"));
  face.hair.tone = std::min(face.hair.tone, 0.95 * face.head.skin);
  face.brow.tone = std::min(face.hair.tone, 0.55 * face.head.skin);
  return face;
}

}  // namespace fer::data
