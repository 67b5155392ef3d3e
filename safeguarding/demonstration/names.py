"""Invented names, as mixed as the schools of a large town. None is meant to be anybody's."""


def _listed(names: str) -> tuple[str, ...]:
    return tuple(names.split())


GIRLS = _listed("""
    Amara Ayesha Beatrix Bethan Bronte Cara Cecily Chidera Clara Daisy Delphine Ebony Edith Eleni Elsie Emilia
    Esme Fatima Fern Freya Gaia Gwen Hafsa Halima Hanna Harriet Imogen Inaya Ines Iris Isla Ivy Jasmin Jemima
    Joanna Kadie Kasia Keziah Kiran Lara Layla Leonie Lottie Lucia Mabel Maja Maryam Matilda Mei Mina Nadia
    Naomi Neve Nia Nora Oliwia Orla Padma Petra Phoebe Priya Rania Rhiannon Rosa Ruby Safiya Saoirse Sasha Seren
    Sienna Simran Skye Sofia Tamsin Tanvi Thandi Tilly Una Violet Wren Yara Yasmin Zahra Zofia
""")
BOYS = _listed("""
    Aaron Abel Adil Aiden Albie Aleksy Alfie Amir Anton Arjun Arlo Art Bilal Brodie Caleb Callum Caspian Cian
    Conor Dara Dev Dexter Dylan Eesa Elijah Emeka Enzo Euan Ezra Felix Finlay Frank Gabriel Gethin Hamza Harvey
    Hugo Ibrahim Idris Isaac Ishaan Jago Jakub Jay Jonah Kai Kofi Kuba Leo Levi Logan Luca Malachi Marek Mateo
    Milo Moses Musa Nathan Niall Noah Oisin Omar Oscar Otis Owen Rafe Rahul Reuben Rhys Rohan Rowan Rufus Samir
    Seth Sol Stan Tadeo Tariq Ted Theo Tobi Toby Umar Vihaan Wilf Yusuf Zac Zayd
""")
WOMEN = _listed("""
    Abigail Adaeze Agnieszka Anjali Anneliese Bernadette Bridget Carmel Catrin Charlotte Claudia Denise Dorota
    Eilidh Farah Fiona Frances Geraldine Gulsen Heather Hilary Ingrid Jacinta Joyce Judith Katarzyna Kelechi
    Laverne Leila Lorraine Magdalena Marguerite Marion Meera Miriam Nasreen Niamh Nicola Olufemi Pauline
    Philippa Rabia Rosalind Ruth Sabina Shazia Sinead Sunita Sylvia Teresa Ursula Vanessa Wendy Yvonne Zeynep
""")
MEN = _listed("""
    Adebayo Alistair Andrzej Anthony Bashir Benedict Brendan Carlton Clive Craig Dafydd Darius Declan Desmond
    Duncan Edmund Farhan Fergus Gareth Gerald Giles Graham Gurpreet Hassan Hugh Ifan Imran Ivor Jeremy Kareem
    Keith Kwame Lloyd Magnus Malcolm Marcin Mehmet Neil Nikhil Norman Patrick Pawel Quentin Rajesh Roderick
    Rupert Sanjay Sean Stefan Terence Tomasz Trevor Vikram Winston Yannick
""")
FAMILIES = _listed("""
    Abara Achterberg Adeyinka Ahmadi Allardyce Amoako Anning Appleyard Arkwell Ashdowne Balogunwa Banerji
    Barrowclough Bassi Bellweather Birtwhistle Blackadder-Moss Boateng-Hill Bracegirdle Brightwell Bukowska
    Calloway Carrington Chaudhry Chikelu Clutterbuck Coldwater Coverdale Crabtree Cranleigh Dalrymple Danjuma
    Dashwood Deakin Delacourt Dhaliwal Dombrowski Dowsett Dunleavy Eastlake Edevane Ekwueme Elmhirst Eriksson
    Fairweather Farrukh Featherstone Fennimore Ferreira Fothergill Frobisher Gadsden Galbraith Ganguly Garside
    Gathercole Ghorbani Golightly Grabowski Greenhalgh Hakimi Halloran Hardcastle Hartigan Haverstock Hennigan
    Holloway Honeychurch Huxtable Iqbal-Shaw Ismailov Jankowska Jarrow Jelinek Kaczmarek Kadiri Kamara Karimi
    Kellaway Khatun Kingsnorth Kowal Kulkarni Lachlan Langstaff Larkspur Lazarou Ledwidge Lindqvist
    Lovelace-Dunn Mackworth Mahlangu Malhotra Marchbanks Mbeki-Ross Merriweather Mistry Molyneux Mwangi Nadir
    Nakamura Nettleship Nightingale-Page Nowicki Nwosu Oakeshott Obaseki Odunlami Okonjo Oyelaran Paliwal
    Pargeter Parmar Pemberton Penhaligon Petrov-James Pickersgill Pomfret Postlethwaite Quarshie Quested Rahmani
    Ramsbottom Rasool Ravenscroft Ridgeway Rosenthal Rowntree-Cole Sadowski Sangha Satchell Seabrook Shaheen
    Silverwood Skeffington Sobczak Somerville Soyinka-Brown Starkadder Stavrou Stokoe Suleman Swinburne
    Szymanski Tanaka Tattersall Tennyson-Rowe Thackray Threlfall Tilbrook Trevelyan Uddin Umarov Underhay
    Vantongeren Varghese Vellacott Wadsworth Wainfleet Walczak Wetherby Whitlow Wigglesworth Winterbourne
    Wolanski Wrigglesworth Yarborough Yeboah Yilmaz Zablocki Zeqiri Zielinska
""")

# Names that a page has to bear: other letters, other scripts, no second name to speak of, sixty letters on end.
# (given name, family name, whether a girl)
UNUSUAL_PUPILS = (
    ("Małgorzata", "Szczęśniak-Brzęczyszczykiewicz", True),
    ("Łukasz", "Żółciński", False),
    ("ليلى", "الحداد", True),
    ("عبد الرحمن", "المنصوري", False),
    ("Maximiliana-Alexandra", "Featherstonehaugh-Wolstenholme-Okonkwo", True),
    ("Zoë", "O'Fionnagáin", True),
    ("Bo", "Ng", False),
    ("Nguyễn Thị Minh", "Ánh", True),
)
UNUSUAL_PARENTS = (
    ("Władysław", "Gżegżółka", False),
    ("فاطمة", "الزهراني", True),
    ("Anastasia-Konstantina", "Papadimitrakopoulou-Montgomery-Hughes", True),
)


def ascii_letters(name: str) -> str:
    """Return a name as it stands in an e-mail address."""
    return "".join(letter for letter in name.lower() if "a" <= letter <= "z")
