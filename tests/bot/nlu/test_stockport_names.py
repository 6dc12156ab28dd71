"""Stockport's own names as residents misspell them, and messages that hold none: what a crew would be sent to."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.gazetteer import Gazetteer
from tests.support.nlu import parts

LOOKUPS = Path(__file__).parents[3] / "data" / "councils" / "stockport" / "lookups.yml"


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    made = Gazetteer.create(*parts(tmp_path_factory.mktemp("gazetteer")))
    made.train(RasaYAMLReader().read(str(LOOKUPS)))
    return made


def named(gazetteer: Gazetteer, text: str) -> set[tuple[str, str]]:
    (message,) = gazetteer.process([Message.build(text)])
    return {(item["entity"], item["value"]) for item in message.get("entities", [])}


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("bin missed on bramal lane", "Bramhall Lane"), ("brammhall lane", "Bramhall Lane"),
        ("brahmall ln", "Bramhall Lane"), ("12 hilcrest road", "Hillcrest Road"), ("hillcreast rd", "Hillcrest Road"),
        ("hillcrset road", "Hillcrest Road"), ("hill crest road", "Hillcrest Road"),
        ("hillcrestroad", "Hillcrest Road"), ("hilcrst rd", "Hillcrest Road"),
        ("pothole on turncoft lane", "Turncroft Lane"), ("turn croft lane", "Turncroft Lane"),
        ("hemshaw lane", "Hempshaw Lane"), ("hemp shaw ln", "Hempshaw Lane"), ("dialston lane", "Dialstone Lane"),
        ("dial stone lane", "Dialstone Lane"), ("lisburn lane", "Lisburne Lane"), ("nangreve road", "Nangreave Road"),
        ("nan greave road", "Nangreave Road"), ("nangrieve rd", "Nangreave Road"), ("longshutt lane", "Longshut Lane"),
        ("long shut lane", "Longshut Lane"), ("kenerley road", "Kennerley Road"), ("kennerly rd", "Kennerley Road"),
        ("kenneley road", "Kennerley Road"), ("freuland avenue", "Frewland Avenue"), ("frewland av", "Frewland Avenue"),
        ("garnors lane", "Garners Lane"), ("garner lane", "Garners Lane"), ("bulkley street", "Bulkeley Street"),
        ("bulkely st", "Bulkeley Street"), ("worral street", "Worrall Street"), ("worall st", "Worrall Street"),
        ("houldsworh street", "Houldsworth Street"), ("holdsworth street", "Houldsworth Street"),
        ("houldsworht st", "Houldsworth Street"), ("brinington road", "Brinnington Road"),
        ("brinnigton rise", "Brinnington Rise"), ("brinnington rd", "Brinnington Road"),
        ("mauldath road", "Mauldeth Road"), ("maldeth road", "Mauldeth Road"), ("pristnall road", "Priestnall Road"),
        ("preistnall road", "Priestnall Road"), ("priest nall rd", "Priestnall Road"),
        ("didsbery road", "Didsbury Road"), ("didsburry rd", "Didsbury Road"), ("parsonidge road", "Parsonage Road"),
        ("compstal road", "Compstall Road"), ("comstall rd", "Compstall Road"), ("gotherige lane", "Gotherage Lane"),
        ("hibert lane", "Hibbert Lane"), ("windelhurst road", "Windlehurst Road"),
        ("windle hurst rd", "Windlehurst Road"), ("torkinton road", "Torkington Road"),
        ("torkingtn rd", "Torkington Road"), ("maclesfield road", "Macclesfield Road"),
        ("macclsfield rd", "Macclesfield Road"), ("mackelsfield road", "Macclesfield Road"),
        ("altringham road", "Altrincham Road"), ("altrinham rd", "Altrincham Road"),
        ("altrincam road", "Altrincham Road"), ("willmslow road", "Wilmslow Road"), ("wimslow road", "Wilmslow Road"),
        ("wilmsloe rd", "Wilmslow Road"), ("pot hole on ladybrige road", "Ladybridge Road"),
        ("lady bridge rd", "Ladybridge Road"), ("ravenoke road", "Ravenoak Road"), ("raven oak road", "Ravenoak Road"),
        ("northumbland road", "Northumberland Road"), ("midlesex road", "Middlesex Road"), ("piccadily", "Piccadilly"),
        ("picadilly", "Piccadilly"), ("on pickadilly", "Piccadilly"), ("chester gate", "Chestergate"),
        ("underbanks", "Underbank"), ("st petersgate", "St Petersgate"), ("st peters gate", "St Petersgate"),
        ("saint petersgate", "St Petersgate"), ("st mathews road", "St Matthew's Road"),
        ("st matthews rd", "St Matthew's Road"), ("saint mathew's rd", "St Matthew's Road"),
        ("st annes road north", "St Ann's Road North"), ("st ann's rd nth", "St Ann's Road North"),
        ("princes st", "Prince's Street"), ("jacksons edge rd", "Jackson's Edge Road"),
        ("jackson lane", "Jacksons Lane"), ("great edgerton street", "Great Egerton Street"),
        ("gt egerton st", "Great Egerton Street"), ("welington road south", "Wellington Road South"),
        ("wellington rd sth", "Wellington Road South"), ("wellingtn rd north", "Wellington Road North"),
        ("wellington rode north", "Wellington Road North"), ("welington st", "Wellington Street"),
        ("edward streat", "Edward Street"), ("edwerd street", "Edward Street"),
        ("stockport raod west", "Stockport Road West"), ("stokport road west", "Stockport Road West"),
        ("heeton moor rd", "Heaton Moor Road"), ("heatonmoor road", "Heaton Moor Road"),
        ("cherrytree lane", "Cherry Tree Lane"), ("chery tree lane", "Cherry Tree Lane"),
        ("birdhall lane", "Bird Hall Lane"), ("bird hal ln", "Bird Hall Lane"), ("gorsy bank road", "Gorsey Bank Road"),
        ("counciller lane", "Councillor Lane"), ("councilor lane", "Councillor Lane"),
        ("alexander park road", "Alexandra Park Road"), ("peelmoat road", "Peel Moat Road"),
        ("peel mote rd", "Peel Moat Road"), ("bean leech road", "Bean Leach Road"),
        ("beanleach road", "Bean Leach Road"), ("bosdenfold rd", "Bosden Fold Road"),
        ("hulme hall rd", "Hulme Hall Road"), ("hume hall road", "Hulme Hall Road"),
        ("gillbent road", "Gill Bent Road"), ("gill bent rd", "Gill Bent Road"), ("mersey squre", "Mersey Square"),
        ("mersy sq", "Mersey Square"), ("spring gdns", "Spring Gardens"), ("lancashire hil", "Lancashire Hill"),
        ("lancashre hill", "Lancashire Hill"), ("lancs hill", "Lancashire Hill"), ("shaw heth", "Shaw Heath"),
        ("shawheath", "Shaw Heath"), ("etchels road", "Etchells Road"), ("etchell road", "Etchells Road"),
        ("finny lane", "Finney Lane"), ("stial road", "Styal Road"), ("turvs road", "Turves Road"),
        ("syddall rd", "Syddal Road"), ("sidal street", "Siddall Street"), ("gladston street", "Gladstone Street"),
        ("wordworth road", "Wordsworth Road"), ("tiviotdale", "Tiviot Dale"), ("teviot dale", "Tiviot Dale"),
        ("hatherlo", "Hatherlow"), ("brabins brow", "Brabyns Brow"), ("glosop road", "Glossop Road"),
        ("longhirst lane", "Longhurst Lane"), ("dairy ground road", "Dairyground Road"),
        ("robin's lane", "Robins Lane"), ("mile end lne", "Mile End Lane"), ("milend lane", "Mile End Lane"),
        ("wood smoor lane", "Woodsmoor Lane"), ("woodsmore lane", "Woodsmoor Lane"), ("popler grove", "Poplar Grove"),
        ("alderdale drv", "Alderdale Drive"), ("sandy bank aven", "Sandy Bank Avenue"),
        ("berry croft lane", "Berrycroft Lane"), ("red house lane", "Redhouse Lane"), ("guy wood lane", "Guywood Lane"),
        ("werneth rd", "Werneth Road"), ("wernith road", "Werneth Road"), ("osbourne street", "Osborne Street"),
        ("tatton road nth", "Tatton Road North"), ("broad stone hall road north", "Broadstone Hall Road North"),
        ("ack lane e", "Ack Lane East"), ("adswood ln west", "Adswood Lane West"),
        ("longford road west", "Longford Road West"), ("gorton rd in reddish", "Gorton Road"),
        ("redish road", "Reddish Road"), ("reddich road", "Reddish Road"),
    ],
)  # fmt: skip
def test_a_street_however_it_is_written(gazetteer: Gazetteer, text: str, street: str) -> None:
    assert named(gazetteer, text) == {("street", street)}


@pytest.mark.parametrize(
    "text",
    [
        "hybert lane", "princess street", "wellington road", "style road", "longford road", "hillcrest avenue",
        "hill street", "broomfield road", "bramley road", "bramhall avenue", "barnfield road", "hallam street",
        "langley road", "alpine road", "elm road", "ash road", "milton road", "clayton road", "norton road",
        "burton road", "buxton street", "moss road", "grove road", "green street", "bank street", "york road",
        "warwick road", "marlowe road", "thornhill road", "crossfield road", "highfield road", "hartford road",
        "ashford road", "oakfield road", "woodfield road", "brookfield avenue", "carlton road", "clifton street",
        "denby lane", "derwent road", "dale road", "hawthorn road", "hazel road", "heath road", "holly road",
        "kings road", "kingston road", "lyndhurst road", "mount road", "mill street", "new street", "north road",
        "northfield road", "old road", "orchard road", "oxford road", "pine road", "rose street", "south park road",
        "st johns road", "st marks road", "stanley road", "stamford road", "sutton road", "victoria road",
        "walton road", "waterloo road", "west street", "whitefield road", "windsor road", "wood lane", "worsley road",
        "the crescent", "hollies lane", "wellington rd", "stockport road north", "ack lane", "adswood lane",
        "bramhall road", "the main road", "my road", "down the lane", "a side street", "high road", "back lane",
        "market road", "church street", "chapel lane", "station street", "park lane", "park street", "mauldif road",
        "froolund ave", "brabyns brough", "hempshore lane", "massey street", "heaton more road", "bolshore road",
        "swan lane",
    ],
)  # fmt: skip
def test_a_street_that_is_not_listed_or_not_clear(gazetteer: Gazetteer, text: str) -> None:
    assert "street" not in dict(named(gazetteer, text))


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("my blak bin wasnt emptied", "container", "black_bin"), ("blck bin", "container", "black_bin"),
        ("black binn", "container", "black_bin"), ("balck bin", "container", "black_bin"),
        ("bleu bin", "container", "blue_bin"), ("bluebin", "container", "blue_bin"),
        ("borwn bin", "container", "brown_bin"), ("bron bin", "container", "brown_bin"),
        ("brwn bin missed", "container", "brown_bin"), ("brownbin", "container", "brown_bin"),
        ("gren bin", "container", "green_bin"), ("greeen bin", "container", "green_bin"),
        ("green wheely bin", "container", "green_bin"), ("grene bin", "container", "green_bin"),
        ("black wheely bin", "container", "black_bin"), ("rubish bin", "container", "black_bin"),
        ("generel waste bin", "container", "black_bin"), ("dust bin", "container", "black_bin"),
        ("gardin waste bin", "container", "green_bin"), ("food wast bin", "container", "green_bin"),
        ("food cady", "container", "food_caddy"), ("kichen caddy", "container", "food_caddy"),
        ("food caddie", "container", "food_caddy"), ("papper bin", "container", "blue_bin"),
        ("carboard bin", "container", "blue_bin"), ("plastick bin", "container", "brown_bin"),
        ("glas bin", "container", "brown_bin"), ("grey bin", "container", "black_bin"),
        ("blue bins", "container", "blue_bin"), ("an old matress", "bulky_item", "mattress_double"),
        ("matres", "bulky_item", "mattress_double"), ("mattrass", "bulky_item", "mattress_double"),
        ("mattres collection", "bulky_item", "mattress_double"), ("singel mattress", "bulky_item", "mattress_single"),
        ("duble mattress", "bulky_item", "mattress_double"), ("wardrob", "bulky_item", "wardrobe_single"),
        ("wadrobe", "bulky_item", "wardrobe_single"), ("ward robe", "bulky_item", "wardrobe_single"),
        ("wardrope", "bulky_item", "wardrobe_single"), ("duble wardrobe", "bulky_item", "wardrobe_double"),
        ("fridg", "bulky_item", "fridge"), ("frige", "bulky_item", "fridge"), ("firdge", "bulky_item", "fridge"),
        ("fridgefreezer", "bulky_item", "fridge_freezer"), ("frige frezer", "bulky_item", "fridge_freezer"),
        ("fridge frezer", "bulky_item", "fridge_freezer"), ("soffa", "bulky_item", "sofa"),
        ("setee", "bulky_item", "sofa"), ("settie", "bulky_item", "sofa"),
        ("tumbel dryer", "bulky_item", "tumble_dryer"), ("tumbledryer", "bulky_item", "tumble_dryer"),
        ("tumble dyer", "bulky_item", "tumble_dryer"), ("washin mashine", "bulky_item", "washing_machine"),
        ("washing mashine", "bulky_item", "washing_machine"), ("washing machiene", "bulky_item", "washing_machine"),
        ("wshing machne", "bulky_item", "washing_machine"), ("washingmachine", "bulky_item", "washing_machine"),
        ("cupbord", "bulky_item", "cabinet"), ("cuboard", "bulky_item", "cabinet"),
        ("chest of draws", "bulky_item", "chest_of_drawers"), ("televison", "bulky_item", "television"),
        ("telivision", "bulky_item", "television"), ("tellevison", "bulky_item", "television"),
        ("vacum cleaner", "bulky_item", "vacuum_cleaner"), ("vaccum", "bulky_item", "vacuum_cleaner"),
        ("vaccuum cleaner", "bulky_item", "vacuum_cleaner"), ("bycicle", "bulky_item", "bike"),
        ("bicicle", "bulky_item", "bike"), ("push bike", "bulky_item", "bike"), ("microwav", "bulky_item", "microwave"),
        ("micro wave", "bulky_item", "microwave"), ("mircowave", "bulky_item", "microwave"),
        ("wheel barow", "bulky_item", "wheelbarrow"), ("lawnmowr", "bulky_item", "lawn_mower"),
        ("trampolene", "bulky_item", "trampoline"), ("trampaline", "bulky_item", "trampoline"),
        ("pianno", "bulky_item", "piano"), ("raditor", "bulky_item", "radiator"),
        ("radiater", "bulky_item", "radiator"), ("tolet", "bulky_item", "toilet"), ("toliet", "bulky_item", "toilet"),
        ("bunkbed", "bulky_item", "bunk_bed"), ("bunk bedd", "bulky_item", "bunk_bed"),
        ("arm chiar", "bulky_item", "armchair"), ("armchare", "bulky_item", "armchair"),
        ("bookase", "bulky_item", "bookcase"), ("book shelf", "bulky_item", "bookcase"),
        ("carpit", "bulky_item", "carpet"), ("dinning table", "bulky_item", "dining_table"),
        ("dinin table", "bulky_item", "dining_table"), ("dishwasher", "bulky_item", "dishwasher"),
        ("diswasher", "bulky_item", "dishwasher"), ("dishwaser", "bulky_item", "dishwasher"),
        ("exersise bike", "bulky_item", "exercise_bike"), ("head board", "bulky_item", "headboard"),
        ("hottub", "bulky_item", "hot_tub"), ("side board", "bulky_item", "sideboard"),
        ("tredmill", "bulky_item", "treadmill"), ("threadmill", "bulky_item", "treadmill"),
        ("three peice suite", "bulky_item", "suite"), ("3 peice suite", "bulky_item", "suite"),
        ("bedside tabel", "bulky_item", "bedside_table"), ("bed side table", "bulky_item", "bedside_table"),
        ("coffe table", "bulky_item", "coffee_table"), ("cofee table", "bulky_item", "coffee_table"),
        ("is adswood tip open", "site", "tip_adswood"), ("addswood tip", "site", "tip_adswood"),
        ("adwood tip", "site", "tip_adswood"), ("adswod tip", "site", "tip_adswood"),
        ("bredbry tip", "site", "tip_bredbury"), ("bredbery tip", "site", "tip_bredbury"),
        ("breadbury tip", "site", "tip_bredbury"), ("bredbury tipp", "site", "tip_bredbury"),
        ("rosehill tip", "site", "tip_rose_hill"), ("rose hil tip", "site", "tip_rose_hill"),
        ("marpel tip", "site", "tip_rose_hill"), ("marple tp", "site", "tip_rose_hill"),
        ("bredbury recyling centre", "site", "tip_bredbury"), ("adswood recycling center", "site", "tip_adswood"),
    ],
)  # fmt: skip
def test_a_thing_or_a_place_however_it_is_written(gazetteer: Gazetteer, text: str, entity: str, value: str) -> None:
    assert named(gazetteer, text) == {(entity, value)}


@pytest.mark.parametrize(
    "text",
    [
        "i want to go back one", "can i speak to a person please", "what time do you open on saturday",
        "how much is it to park there", "the streetlight outside my house is flickering",
        "i cant pay my bill this month", "who is my local councillor", "when are the elections",
        "i need help with my rent", "my neighbours are making noise all night", "there is a dead animal in the road",
        "the bridge is closed again", "a wrench was left behind", "my hair is on fire",
        "they sat on the wall all morning", "i was told it would be sorted last week",
        "he has been here since the second of may", "the bill says i owe you money",
        "i have moved house do you need to know", "is there a school closed today because of snow",
        "how do i vote by post", "i want to complain about the way i was spoken to",
        "the road sweeper never comes down our way", "down the lane by the church", "a tree has fallen across the path",
        "please can you ring me back", "no thanks that is all", "yes that is right",
        "where do i get a birth certificate", "i would like to get married at the town hall", "what is the speed limit",
        "i lost my wallet in the market", "the market was busy today", "the pavement is uneven and i tripped",
        "the grass needs cutting in the park", "can you cut the hedge", "there are rats in the alley",
        "do you sell stamps", "are you a robot", "my mum is in a care home", "my dad needs grab rails",
        "council tax band please", "single person discount", "a street trader blocking the way",
        "it is the high one at the end", "there is a big hole and a lot of mess",
        "somebody has dumped rubbish behind the flats", "the drains are blocked outside",
        "water is running down the hill", "the lights at the crossing are stuck on red",
        "the bus stop glass is smashed", "graffiti on the station wall", "the lorry drove past without stopping",
        "it took me two hours to get through", "the line was engaged", "why has my payment bounced",
        "i paid twice by mistake", "can i have it in large print", "what benefits can i get", "free school meals form",
        "is my child eligible", "i need a blue badge", "badge renewal", "a parking ticket i think is unfair",
        "the machine ate my coins", "permit for my van", "the planning notice on the lamp post", "can i build a porch",
        "library opening times", "renew my books", "i forgot my pin", "is the pool open", "dog mess on the field",
        "a stray dog", "lost cat", "noisy party", "smoke from a bonfire", "a wasps nest", "mice in the kitchen",
        "fire alarm going off", "i smell gas", "i have no heating", "damp and mould", "the lift is broken",
        "my landlord will not fix it", "i am homeless tonight", "i need a food parcel", "what is the weather like",
        "tell me a joke", "thanks bye", "hello there", "was it you that rang me", "it was 3rd time this month",
        "he came 2nd in the race", "she has 2ft of water in the cellar", "there was 9ft of it",
        "give me one two at most", "the m1 bus was late", "get me 2 be honest", "the a6 is shut near the motorway",
        "junction 1 of the m60 and the slip road", "i am 82 and live alone", "there were 3 of them", "at 5pm or 6 am",
        "call me on my mobile", "born 1952", "band d", "its 50 50", "i got 2 letters 1 red", "so 4 of us",
        "level 2 access", "covid 19 rules", "4x4 parked on the kerb", "24 7 support", "the bean counters",
        "a chest infection", "green belt land", "black ice on the pavement", "brown water from the tap",
        "the grey squirrel", "he is a bad neighbour", "that is a great idea", "the church is lovely",
        "queens park rangers", "a new bridge is needed", "mile after mile of cones", "love island", "moss on the roof",
        "a cross word", "the castle was shut", "sandy beach", "more lane markings are needed", "can you mark the lanes",
        "spring is here", "the railway line", "the exchange rate", "park and ride", "market day",
        "the dean of the college", "robins in the garden", "bird feeders attract rats", "cherry blossom",
        "stock is low", "school run parking", "my gate is broken", "do you do wedding licences",
        "the main road is flooded", "on the other side of the street", "the road outside mine", "the end of the road",
    ],
)  # fmt: skip
def test_a_message_that_names_nothing(gazetteer: Gazetteer, text: str) -> None:
    assert named(gazetteer, text) == set()
