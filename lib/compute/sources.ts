/** Where the coefficients come from. A coefficient names one or more of these keys. */
export const SOURCES = {
  ANSUR:
    'ANSUR II, 4082 men + 1986 women, ratios to stature computed from github coleharlow12/ANSURDataAnalysis@c313806; report NATICK/TR-15/007',
  COM: 'segment model: de Leva 1996 segment masses (github BMClab/BMC data/BSPmale_ZdeLeva.txt, BSPfemale_ZdeLeva.txt) on ANSUR II joint heights; a model, not a measurement',
  AI2018:
    'Ai, Bi, Liu 2018 ISBS: maximum bar height / stature 59.5 % (clean), 94.3 % (jerk), 71.8-76.6 % (snatch), 132 lifters - https://scribd.com/document/734414213',
  LAKE: 'Lake, Lauder, Smith: in the back squat the bar moves 13.4 % more than the body+bar COM - https://ojs.ub.uni-konstanz.de/cpa/article/view/4978',
  EBBEN:
    'Ebben 2011 JSCR 25(10):2891 peak hand force 64 % BW regular push-up (49 % knees, 41/55 % hands on 24/12 in, 70/74 % feet on 12/24 in) - https://journals.lww.com/nsca-jscr/fulltext/2011/10000/Kinetic_Analysis_of_Several_Variations_of_Push_Ups.31.aspx ; values https://catalyst4fitness.com/how-strong-are-you/',
  SUPRAK:
    'Suprak 2011 JSCR 25(2):497: 69.16 % BW up, 75.04 % down (knees 53.56 / 61.80 %) - https://calculator.academy/push-up-weight-calculator/',
  BURPEE:
    'Chandana & Hapuarachchi: CG rise in a burpee with push-up and vertical jump 0.6310 H (m) / 0.6389 H (f) - https://www.scholarsresearchlibrary.com/abstract/biomechanical-evaluation-of-the-burpee-test-battery-76964.html',
  PLATE: '450 mm competition plate, bar centre 0.225 m above the floor (LEVER spec section 4.2, public github file)',
  STD: 'CrossFit movement standards, e.g. https://www.crossfitqueenstreet.com/wod-movements , wall-ball 20 lb to 10 ft / 14 lb to 9 ft https://crossfitroots.com/do-we-throw-to-9-or-10-feet/',
  C2: 'Concept2 W = 2.80/pace^3 (pace s/m); cal/h = 4*0.8604*W + 300 - https://ergarcade.com/articles/c2-pace-derivatives.html , https://cal2.calculator.city/concept-2-calorie-calculator , example in github pine5274/ergo_calc README',
  C2BIKE:
    'BikeErg: row formula divided by 8 (pace per 500 m) = 0.35 v^3 ; RowPlay (public Swift code, bikeWattsFromNormalizedPaceDivisor = 8.0) ; display is per 1000 m https://github.com/ergarcade/pm5-base/pull/10',
  ECHO: 'Rogue Echo firmware recovered from video: calories = floor(sum(W*1.0006 s)/1195) - https://github.com/mmacpherson/exercise-machina (MIT), all 59 non-zero watt points re-checked here; a re-run over its 1 fps frames fits 1200 slightly better than 1195',
  ASSAULT:
    '0.05 cal/min per watt (= 1200 J/cal) in a public TypeScript tracker; a coach measured half the C2 calories at equal watts (= 1457 J/cal at 200 W) https://crossfitrowingblog.com/2019/10/09/c2-vs-assault-bike-calibration/',
  GARMIN:
    'Garmin vertical ratio (rise per step / step length): 7.5-8.6 % is the middle 40 % of runners - https://the5krunner.com/garmin-features/running-dynamics/garmin-vertical-ratio/',
  CAVAGNA:
    'Cavagna, Thys, Zamboni 1976: vertical power nearly independent of speed in running; walking recovers up to 65 % - https://pmc.ncbi.nlm.nih.gov/articles/PMC1307665',
  HEGLUND:
    'Heglund, Fedak, Taylor, Cavagna 1982: total mechanical power 0.478 v^1.53 + 0.685 v + 0.072 W/kg (exponent garbled in the stored text) - https://ja.scribd.com/document/380424248',
  ANDRE:
    'Andre et al.: sled dynamic friction 0.35/0.33/0.31 at 44.8/90.0/136.2 kg, pooled 0.33 +- 0.02 - https://dialnet.unirioja.es/servlet/articulo?codigo=5044664',
  LINTHORNE: 'Linthorne & Cooper: sled friction 0.21-0.58 over four sports surfaces (abstract)',
  KIM2017:
    'Kim et al. 2017 KJSB: double-under COM rise is smaller in skilled jumpers (abstract only, no figure read) - https://e-kjab.org/archive/detail/77',
  COM2: 'small side-view segment model (de Leva 1996 masses, ANSUR II joint heights); it returns 0.556 H standing, 0.240 H air squat, 0.128 H sit-up, 0.035 H arms overhead against 0.556, 0.240, 0.125 and 0.039 of the first model',
  MCGUIGAN:
    'McGuigan & Wilson 1996, Biomechanical analysis of the deadlift, J Strength Cond Res 10(4): bar travel 19 % shorter in sumo (read in a secondary source)',
  CRILL:
    'Crill, Kolba, Chleboun 2004, Using lunge measurements for baseline fitness testing, J Sport Rehabil 13(1):44, doi 10.1123/jsr.13.1.44 (abstract)',
  WAKAI:
    'Wakai & Linthorne 2005, Optimum take-off angle in the standing long jump, Hum Mov Sci 24:81: preferred take-off angles 31-39 deg',
  ZAMPARO:
    'Zamparo et al. 2016, Mechanical work and efficiency of 5 + 5 m shuttle running, Eur J Appl Physiol, doi 10.1007/s00421-016-3443-6',
  HUANG:
    'Huang & Kuo 2014, Mechanics and energetics of load carriage during human walking, J Exp Biol 217:605, doi 10.1242/jeb.091587',
  EARHART: 'Earhart & Mosiman 2010, Coordination of handwalking in gymnasts, Science of Gymnastics Journal (abstract)',
  NARITA: 'Narita, Nakashima, Takagi 2017, J Biomech 54:123: active drag 32.2 v^3.3, passive 23.5 v^2',
  CORTESI:
    'Cortesi et al. 2024, Estimating active drag based on full and semi-tethered swimming tests, J Sports Sci Med 23:17, doi 10.52082/jssm.2024.17: passive 25, active 38 kg/m',
  VAART:
    'van der Vaart et al. 1987, An estimation of active drag in front crawl swimming, J Biomech 20:543: 53.2 +- 5.8 N at 1.48 m/s = 24.3 N s2/m2',
  EST: 'engineering estimate of this project; no measurement found'
} as const

export type SourceId = keyof typeof SOURCES
